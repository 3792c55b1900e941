// What the samples of two series say about each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reports/bench/bench_run.h"
#include "reports/comparison/comparison.h"

namespace packproof::reports {

// Empty for a series that has times; otherwise what it has instead.
std::string untimed_text(const Series& series);

// Nothing where it was not timed.
std::optional<TimedSide> timed_side(const Series& series);

// How the samples of two runs were taken.
enum class Turns : std::uint8_t { apart, shared };

// Shared where both runs name the same turns.
Turns turns_of(const BenchRun& old_run, const BenchRun& new_run);

struct Weighed {
  std::optional<Evidence> evidence;  // p not yet corrected
  std::string detail;                // why there is none, or what else differs; may be empty
};

// Of two series that were timed: in pairs where samples of both were taken in shared turns,
// otherwise all of one side against all of the other.
Weighed evidence_of(const Series& old_series, const Series& new_series, Turns turns);

}  // namespace packproof::reports
