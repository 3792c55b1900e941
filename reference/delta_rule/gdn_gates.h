// The gates of the gated delta rule, as gdn_gating_reference.cpp defines them and layers use them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "reference/core/judged_matrix.h"

namespace packproof::reference {
namespace gdn_detail {

constexpr double kUnderflow = 0x1p-126;

inline double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

inline double softplus(double v) { return std::max(v, 0.0) + std::log1p(std::exp(-std::abs(v))); }

// What the rounding of v is a share of; infinities are exact.
inline double size_of_error(double v) { return std::isinf(v) ? 0 : std::abs(v); }

}  // namespace gdn_detail

struct GdnGates {
  Matrix a, b;            // [total_tokens, heads]
  Matrix A_log, dt_bias;  // [heads, 1]

  Judged g(std::int64_t t, std::int64_t h) const {
    using namespace gdn_detail;
    const double v = a(t, h) + dt_bias(h), rate = std::exp(A_log(h));
    return {-rate * softplus(v), rate * (softplus(v) + sigmoid(v) * size_of_error(v) + kUnderflow)};
  }

  // dg / da.
  Judged g_slope(std::int64_t t, std::int64_t h) const {
    using namespace gdn_detail;
    const double v = a(t, h) + dt_bias(h), rate = std::exp(A_log(h)), s = sigmoid(v);
    return {-rate * s, rate * (s + s * sigmoid(-v) * size_of_error(v) + kUnderflow)};
  }

  Judged beta(std::int64_t t, std::int64_t h) const {
    const double value = gdn_detail::sigmoid(b(t, h));
    return {value, value + gdn_detail::kUnderflow};
  }

  // dbeta / db.
  Judged beta_slope(std::int64_t t, std::int64_t h) const {
    const double value = gdn_detail::sigmoid(b(t, h)) * gdn_detail::sigmoid(-b(t, h));
    return {value, value + gdn_detail::kUnderflow};
  }
};

}  // namespace packproof::reference
