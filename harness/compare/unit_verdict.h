// The rule of limits.h, applied to the sums of one unit.
#pragma once

#include "cases/packing/dtype.h"
#include "harness/compare/unit_map.h"

namespace packproof::compare {

struct UnitVerdict {
  double error = 0;  // E(x)
  double base = 0;   // E(b)
  double floor = 0;  // E(f)
  double limit = 0;
  bool fails = false;

  // Error / limit; 0 for no error, infinite for an error where none is allowed.
  double load() const;
};

// The factor k of a unit.
double unit_factor(UnitKind kind, Role role);

// A plain run's error in a unit beyond its own rounding, as a share of its condition magnitude.
double base_share(const UnitSums& plain);

// `share`: the largest base_share of the plain runs in this unit.
UnitVerdict judge_unit(const UnitSums& sums, double share, double factor, DType output);

}  // namespace packproof::compare
