// One pass over an output and its reference: the sums of every cell.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "cases/core/dtype.h"
#include "cases/core/reference_result.h"
#include "harness/evidence/limits.h"
#include "harness/evidence/output_judge.h"
#include "harness/evidence/output_layout.h"
#include "harness/evidence/unit_map.h"
#include "harness/evidence/unit_verdict.h"
#include "harness/memory/element_bits.h"

namespace packproof::verdict {

// One element of an output that is judged by tolerance. Doubles are exact: f, r and m come so.
struct ElementView {
  double got = 0, want = 0, want_rounded = 0, magnitude = 0, half_spacing = 0;
  double bound = 0;            // the elementwise bound c u m
  bool has_magnitude = false;  // given and finite: the elementwise bound applies
  // A value within the bound of the reference, or within half of it, rounds to an infinity: next to
  // the end of the dtype's range either side may be right.
  bool may_overflow = false;

  // No norm can hold these: where the reference is NaN or infinite, or rounds to an infinity
  // because it is beyond the dtype's range, the output has to hold the same.
  bool must_match_in_place() const {
    return !std::isfinite(want_rounded) || (may_overflow && std::isinf(got));
  }
  bool matches_in_place() const {
    if (std::isnan(want_rounded)) return std::isnan(got);
    if (got == want_rounded) return true;
    if (!may_overflow) return false;
    if (std::isinf(got)) return std::signbit(got) == std::signbit(want);
    return std::abs(got - want) <= bound;
  }
  // Nothing is wrong with it by itself; the units are still to be judged.
  bool is_allowed(bool has_bound) const {
    if (must_match_in_place()) return matches_in_place();
    return std::isfinite(got) && (!has_bound || !has_magnitude || std::abs(got - want) <= bound);
  }
};

// The magnitude is at least |r|, which is all that is known of it when none is given, or when it
// is not finite (an infinity that the op maps to a finite value).
inline ElementView view_element(const JudgedPair& pair, std::int64_t element) {
  const auto i = static_cast<std::size_t>(element);
  const double want = pair.want->value[i];
  const double given = pair.want->magnitude.empty() ? INFINITY : pair.want->magnitude[i];
  ElementView view;
  view.got = load(pair.got, element);
  view.want = want;
  view.want_rounded = memory::rounded(pair.got.dtype, want);
  view.has_magnitude = std::isfinite(given);
  view.magnitude = view.has_magnitude ? std::max(std::abs(want), given) : std::abs(want);
  view.half_spacing = memory::half_spacing(pair.got.dtype, want);
  // Where the dtype's spacing no longer falls with the value half of that spacing counts.
  view.bound = element_factor(pair.got.dtype) *
               std::max(unit_roundoff(pair.got.dtype) * view.magnitude, view.half_spacing);
  const double size = std::abs(want);
  constexpr double kEndsBeyond = 0x1p15;  // every dtype's range does, even less half of it
  view.may_overflow =
      size >= kEndsBeyond && std::isfinite(want) &&
      std::isinf(memory::rounded(pair.got.dtype, size + std::min(view.bound, size / 2)));
  return view;
}

// Adds an element that is finite in the reference. A NaN or infinity in the output makes the
// unit's error infinite.
inline void add_element(const ElementView& view, UnitSums& sums) {
  const double error = view.got - view.want, floor = view.want_rounded - view.want;
  const double spacing2 = view.half_spacing * view.half_spacing;
  sums.error += std::isfinite(view.got) ? error * error : INFINITY;
  sums.reference += view.want * view.want;
  sums.magnitude += view.magnitude * view.magnitude;
  sums.floor += floor * floor;
  sums.spacing2 += spacing2;
  sums.spacing4 += spacing2 * spacing2;
  ++sums.elements;
}

// The cells of a plain run; rows under a slack contract are left out. Where it lacks a NaN or
// infinity of its reference its error is infinite: reference and baseline disagree.
std::vector<UnitSums> plain_cells(const JudgedPair& plain, const OutputLayout& layout);

// What half of the tokens of plain runs are off by, as a share of what they are.
double median_relative_error(const OutputLayout& layout, const std::vector<JudgedPair>& plain);

// What all plain runs show of every unit; one vector a kind, as units.kinds().
std::vector<std::vector<PlainShares>> plain_shares(const UnitMap& units, const OutputLayout& layout,
                                                   const std::vector<JudgedPair>& plain);

}  // namespace packproof::verdict
