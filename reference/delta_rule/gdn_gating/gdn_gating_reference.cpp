#include "reference/delta_rule/gdn_gating/gdn_gating_reference.h"

#include <algorithm>
#include <cmath>

namespace packproof::reference {
namespace {

constexpr double kUnderflow = 0x1p-126;

double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

double softplus(double v) { return std::max(v, 0.0) + std::log1p(std::exp(-std::abs(v))); }

// What the rounding of v is a share of; infinities are exact.
double size_of_error(double v) { return std::isinf(v) ? 0 : std::abs(v); }

// visit(token, head) for each of those that a segment owns.
template <class Visit>
void for_each_gate(const GdnGatingProblem& p, Visit visit) {
  for (std::int64_t t = 0; t < p.cu_seqlens(p.cu_seqlens.size() - 1); ++t)
    for (std::int64_t h = 0; h < p.A_log.rows(); ++h) visit(t, h);
}

Judged decay(const GdnGatingProblem& p, std::int64_t t, std::int64_t h) {
  const double v = p.a(t, h) + p.dt_bias(h), rate = std::exp(p.A_log(h));
  return {-rate * softplus(v), rate * (softplus(v) + sigmoid(v) * size_of_error(v) + kUnderflow)};
}

// dg / da.
Judged slope(const GdnGatingProblem& p, std::int64_t t, std::int64_t h) {
  const double v = p.a(t, h) + p.dt_bias(h), rate = std::exp(p.A_log(h)), s = sigmoid(v);
  return {-rate * s, rate * (s + s * sigmoid(-v) * size_of_error(v) + kUnderflow)};
}

}  // namespace

GdnGates gdn_gating(const GdnGatingProblem& p) {
  const std::int64_t tokens = p.a.rows(), heads = p.A_log.rows();
  GdnGates gates = {zeros(tokens, heads), zeros(tokens, heads)};
  for_each_gate(p, [&](std::int64_t t, std::int64_t h) {
    const double beta = sigmoid(p.b(t, h));
    add(gates.g, t, h, decay(p, t, h), 1);
    add(gates.beta, t, h, {beta, beta + kUnderflow}, 1);
  });
  return gates;
}

GdnGatingGradients gdn_gating_backward(const GdnGatingProblem& p, const Matrix& dg,
                                       const Matrix& dbeta) {
  const std::int64_t tokens = p.a.rows(), heads = p.A_log.rows();
  GdnGatingGradients d = {zeros(tokens, heads), zeros(tokens, heads), zeros(heads, 1),
                          zeros(heads, 1)};
  for_each_gate(p, [&](std::int64_t t, std::int64_t h) {
    const double of_sigmoid = sigmoid(p.b(t, h)) * sigmoid(-p.b(t, h));
    add(d.a, t, h, slope(p, t, h), dg(t, h));
    add(d.b, t, h, {of_sigmoid, of_sigmoid + kUnderflow}, dbeta(t, h));
    add(d.A_log, h, 0, decay(p, t, h), dg(t, h));
    add(d.dt_bias, h, 0, slope(p, t, h), dg(t, h));
  });
  return d;
}

}  // namespace packproof::reference
