// When a time counts as changed. decision-compare.md has the reasons and what was simulated.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "reports/statistics/statistics.h"

namespace packproof::reports {

// What became of one series between two runs.
enum class Change : std::uint8_t {
  slower,
  unclear,         // neither a change nor its absence is shown: too few or too noisy samples
  not_comparable,  // not timed on one side, of another device or another clock
  only_old,
  only_new,
  faster,
  same,
};

// From what a reader must see to what needs no look.
inline constexpr std::array kChanges = {Change::slower,   Change::unclear,  Change::not_comparable,
                                        Change::only_old, Change::only_new, Change::faster,
                                        Change::same};

std::string_view name_of(Change change);

// Two runs of one program may differ by half of it for no reason in the program.
inline constexpr double kDefaultThreshold = 0.05;
inline constexpr double kRatioConfidence = 0.95;
// What a p-value, corrected for the number of series, must be below for a change.
inline constexpr double kSignificance = 0.01;
// On each side: with fewer, no p-value is below kSignificance.
inline constexpr std::int64_t kFewestSamples = 5;
// Likewise, where samples were taken in turns.
inline constexpr std::int64_t kFewestPairs = 8;

// `p` is mann_whitney's or sign_test's, corrected by holm. With threshold t, in this order:
//   slower   the ratio exceeds 1 + t and its interval lies above 1 + t/2: p decides between slower
//            and unclear
//   faster   the same of 1 / ratio: swapping the runs swaps the two
//   same     the interval lies within 1 + 2t either way: no such change is left possible
//   unclear  otherwise
Change change_of(const Ratio& ratio, double p, double threshold);

}  // namespace packproof::reports
