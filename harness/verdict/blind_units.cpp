#include "harness/verdict/blind_units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/evidence/limits.h"

namespace packproof::verdict {

bool is_lost(const UnitSums& sums, const UnitVerdict& verdict, DType output) {
  const double root = std::sqrt(static_cast<double>(sums.elements));
  return std::sqrt(sums.reference) < smallest_normal(output) * root &&
         verdict.allowed <= kLostSpacings * smallest_spacing(output) * root;
}

bool can_spare(UnitKind kind, const BlindUnits& blind, std::int64_t judged) {
  const double share = kind == UnitKind::token ? kBlindTokens : 0;
  return static_cast<double>(blind.size()) <= share * static_cast<double>(judged) &&
         std::all_of(blind.begin(), blind.end(),
                     [](const BlindUnit& b) { return b.limit < kAnyValue; });
}

std::string doubt_about(const UnitMap& units, UnitKind kind, const BlindUnits& blind,
                        std::int64_t judged) {
  const BlindUnit& widest =
      *std::max_element(blind.begin(), blind.end(),
                        [](const BlindUnit& a, const BlindUnit& b) { return a.limit < b.limit; });
  return fmt::format(
      "the limits of {} of {} units ({}) are too wide to tell right from wrong; "
      "that of {} is {:.3g}{}",
      blind.size(), judged, units.name_of(kind),
      units.where(kind, static_cast<std::int64_t>(widest.unit)), widest.limit,
      widest.limit < kAnyValue
          ? ""
          : ", which any value would pass: fp32 arithmetic or the dtype loses it");
}

}  // namespace packproof::verdict
