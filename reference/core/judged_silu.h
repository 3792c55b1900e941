// silu and its slope with the magnitudes of what rounding may do to them, for the convolutions: see
// causal_conv1d_reference.cpp.
#pragma once

#include <algorithm>
#include <cmath>

#include "reference/core/judged_matrix.h"

namespace packproof::reference {
namespace silu_detail {

constexpr double kFp32 = 0x1p-24;  // unit roundoff of sums
constexpr double kUnderflow = 0x1p-102;

// An error of u that rounding its terms may make.
inline double error_of(double m_u) { return 4 * kFp32 * m_u; }

}  // namespace silu_detail

// u / (1 + exp(-u)) of a sum u.
inline Judged silu(const Judged& u) {
  const double value = u.value / (1 + std::exp(-u.value));
  // |silu'(v)| <= (1 + |v|) exp(v) below 0 and 1.1 everywhere; both never fall with v.
  const double v = u.value + silu_detail::error_of(u.magnitude);
  const double slope = v >= 0 ? 1.1 : std::min(1.1, (1 - v) * std::exp(v));
  return {value, std::abs(value) + (slope + silu_detail::kUnderflow) * u.magnitude};
}

// d silu / d u.
inline Judged silu_slope(const Judged& u) {
  const double s = 1 / (1 + std::exp(-u.value));
  const double spoilt = std::min(1.0, (1 - s) / silu_detail::kFp32);
  // |silu''(v)| <= (2 + |v|) exp(-|v|) and 1/2 everywhere; the first falls with |v|.
  const double v = std::max(0.0, std::abs(u.value) - silu_detail::error_of(u.magnitude));
  const double curvature = std::min(0.5, (2 + v) * std::exp(-v));
  return {s * (1 + u.value * (1 - s)), s * (1 + std::abs(u.value) * spoilt) +
                                           (curvature + silu_detail::kUnderflow) * u.magnitude};
}

}  // namespace packproof::reference
