// Units of an output that passed by a limit too wide to be trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/unit_map.h"
#include "harness/evidence/unit_verdict.h"

namespace packproof::verdict {

struct BlindUnit {
  std::size_t unit;
  double limit;
};
using BlindUnits = std::vector<BlindUnit>;  // all of one kind

// Whether a unit is below what the dtype holds in full and its limit is a few of the spacings
// there: however wide it is beside the unit, it is no doubt about the candidate.
bool is_lost(const UnitSums& sums, const UnitVerdict& verdict, DType output);

// Whether the other kinds can answer for these of `judged` units: a few tokens, by limits that not
// any value would pass.
bool can_spare(UnitKind kind, const BlindUnits& blind, std::int64_t judged);

// Why they are in doubt, and which is worst. There is at least one.
std::string doubt_about(const UnitMap& units, UnitKind kind, const BlindUnits& blind,
                        std::int64_t judged);

}  // namespace packproof::verdict
