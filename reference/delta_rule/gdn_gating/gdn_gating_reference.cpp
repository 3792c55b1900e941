// gdn_gating. Definition, for each token and head h, with v = a + dt_bias[h] (Gated Delta Networks,
// arXiv 2412.06464, and its implementations):
//   g = -exp(A_log[h]) softplus(v)    with softplus(v) = log(1 + exp(v))
//   beta = sigmoid(b)
// Gradients: da = -dg exp(A_log) sigmoid(v), db = dbeta sigmoid(b) (1 - sigmoid(b)); over all
// tokens of the segments, ddt_bias sums da and dA_log sums dg g.
//
// Magnitudes m are sums of the magnitudes of terms, and of what the rounding of v passes on, which
// is |v| times the slope: for softplus sigmoid(v), for sigmoid(v) at most sigmoid(v) (1 - sigmoid).
// Where exp underflows fp32 it rounds as coarsely as at 2^-126: m has that much more.
#include <algorithm>
#include <cmath>

#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

constexpr double kUnderflow = 0x1p-126;

double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

double softplus(double v) { return std::max(v, 0.0) + std::log1p(std::exp(-std::abs(v))); }

// What the rounding of v is a share of; infinities are exact.
double size_of_error(double v) { return std::isinf(v) ? 0 : std::abs(v); }

struct Problem {
  Matrix a, b;                // [total_tokens, heads]
  Matrix A_log, dt_bias;      // [heads, 1]
  std::int64_t valid_tokens;  // of the segments

  explicit Problem(const Call& call)
      : a(matrix_of(call.input("a"))),
        b(matrix_of(call.input("b"))),
        A_log(matrix_of(call.input("A_log"))),
        dt_bias(matrix_of(call.input("dt_bias"))),
        valid_tokens(valid_tokens_of(call)) {}

  JudgedMatrix rows() const { return zeros(a.rows(), A_log.rows()); }
  JudgedMatrix heads() const { return zeros(A_log.rows(), 1); }

  // visit(token, head) for each of those that a segment owns.
  template <class Visit>
  void for_each_gate(Visit visit) const {
    for (std::int64_t t = 0; t < valid_tokens; ++t)
      for (std::int64_t h = 0; h < A_log.rows(); ++h) visit(t, h);
  }

  Judged decay(std::int64_t t, std::int64_t h) const {
    const double v = a(t, h) + dt_bias(h), rate = std::exp(A_log(h));
    return {-rate * softplus(v), rate * (softplus(v) + sigmoid(v) * size_of_error(v) + kUnderflow)};
  }

  // dg / da.
  Judged slope(std::int64_t t, std::int64_t h) const {
    const double v = a(t, h) + dt_bias(h), rate = std::exp(A_log(h)), s = sigmoid(v);
    return {-rate * s, rate * (s + s * sigmoid(-v) * size_of_error(v) + kUnderflow)};
  }
};

ReferenceResult forward(const Problem& p) {
  JudgedMatrix g = p.rows(), betas = p.rows();
  p.for_each_gate([&](std::int64_t t, std::int64_t h) {
    const double beta = sigmoid(p.b(t, h));
    add(g, t, h, p.decay(t, h), 1);
    add(betas, t, h, {beta, beta + kUnderflow}, 1);
  });
  return {judged("g", g), judged("beta", betas)};
}

ReferenceResult backward(const Problem& p, const Matrix& dg, const Matrix& dbeta) {
  JudgedMatrix da = p.rows(), db = p.rows(), dA_log = p.heads(), ddt_bias = p.heads();
  p.for_each_gate([&](std::int64_t t, std::int64_t h) {
    const double of_sigmoid = sigmoid(p.b(t, h)) * sigmoid(-p.b(t, h));
    add(da, t, h, p.slope(t, h), dg(t, h));
    add(db, t, h, {of_sigmoid, of_sigmoid + kUnderflow}, dbeta(t, h));
    add(dA_log, h, 0, p.decay(t, h), dg(t, h));
    add(ddt_bias, h, 0, p.slope(t, h), dg(t, h));
  });
  return {judged("da", da), judged("db", db), judged("dA_log", dA_log),
          judged("ddt_bias", ddt_bias)};
}

}  // namespace

ReferenceResult gdn_gating_reference(const Call& call) {
  const Problem problem(call);
  if (is_forward(call)) return forward(problem);
  return backward(problem, matrix_of(call.input("dg")), matrix_of(call.input("dbeta")));
}

}  // namespace packproof::reference
