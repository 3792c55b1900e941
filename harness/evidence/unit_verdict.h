// The rule of limits.h, applied to the sums of one unit.
#pragma once

#include <cstdint>

#include "cases/core/dtype.h"
#include "harness/evidence/unit_map.h"

namespace packproof::verdict {

struct UnitVerdict {
  double error = 0;  // E(x)
  double base = 0;   // E(b)
  double floor = 0;  // E(f)
  double limit = 0;
  double allowed = 0;  // the limit as a distance, whatever the unit's size
  bool fails = false;

  // Error / limit; 0 for no error, infinite for an error where none is allowed.
  double load() const;
};

// Whether a unit is judged as a token is, being one or little more.
bool is_judged_as_token(UnitKind kind, const UnitSums& sums);

// The factor k of a unit.
double unit_factor(UnitKind kind, Role role, const UnitSums& sums);

// What plain runs show of a unit, as shares of its condition magnitude: the largest of all runs.
struct PlainShares {
  double error = 0;      // beyond the run's own rounding
  double reference = 0;  // |r| / |m|: how much the terms leave

  void add(const UnitSums& plain);
};

UnitVerdict judge_unit(const UnitSums& sums, const PlainShares& plain, double factor, DType output);

}  // namespace packproof::verdict
