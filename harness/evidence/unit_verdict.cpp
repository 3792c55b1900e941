#include "harness/evidence/unit_verdict.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/evidence/limits.h"

namespace packproof::verdict {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The most that one rounding is off in this unit, but for a chance of about 1 in 10^5.
double rounding_by_chance(const UnitSums& sums) {
  const double mean = sums.spacing2 / 3;
  const double deviation = std::sqrt(sums.spacing4 * 4 / 45);
  return std::sqrt(std::min(sums.spacing2, mean + kChanceDeviations * deviation));
}

double ratio(double part, double whole) {
  if (whole > 0) return part / whole;
  return part == 0 ? 0 : kInfinity;
}

}  // namespace

double UnitVerdict::load() const { return ratio(error, limit); }

bool is_judged_as_token(UnitKind kind, const UnitSums& sums) {
  return kind == UnitKind::token || sums.elements < kSmallUnit;
}

double unit_factor(UnitKind kind, Role role, const UnitSums& sums) {
  if (is_judged_as_token(kind, sums)) return kTokenFactor;
  switch (kind) {
    case UnitKind::token:
      return kTokenFactor;
    case UnitKind::segment:
    case UnitKind::segment_head:
      if (sums.cells < kSmallUnit) return kSmallUnitFactor;
      [[fallthrough]];
    case UnitKind::tensor:
      return role == Role::gradient ? kSmallUnitFactor : kSegmentFactor;
    default:
      return kSmallUnitFactor;
  }
}

void PlainShares::add(const UnitSums& plain) {
  const double own = std::sqrt(std::max(0.0, plain.error - plain.floor));
  const double magnitude = std::sqrt(plain.magnitude);
  error = std::max(error, ratio(own, magnitude));
  if (magnitude > 0) reference = std::max(reference, std::sqrt(plain.reference) / magnitude);
}

UnitVerdict judge_unit(const UnitSums& sums, const PlainShares& plain, double factor,
                       DType output) {
  const double error = std::sqrt(sums.error);
  const double floor = std::sqrt(sums.floor);
  const double magnitude = std::sqrt(sums.magnitude);
  const double carried = magnitude > 0 ? plain.error * magnitude : 0;
  const double base = std::hypot(carried, floor);
  const double guard = rounding_by_chance(sums) + accumulator_roundoff(output) * magnitude;
  const double allowed = factor * std::max({base, floor, guard});
  const double eta = std::max(plain.reference, kEta);
  const double scale = std::max(std::sqrt(sums.reference), eta * magnitude);
  // Written so that a NaN anywhere fails.
  return {.error = ratio(error, scale),
          .base = ratio(base, scale),
          .floor = ratio(floor, scale),
          .limit = ratio(allowed, scale),
          .allowed = allowed,
          .fails = !(error <= allowed)};
}

}  // namespace packproof::verdict
