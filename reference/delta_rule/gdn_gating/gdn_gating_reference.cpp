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
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/delta_rule/gdn_gates.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

struct Problem : GdnGates {
  std::int64_t valid_tokens;  // of the segments

  explicit Problem(const Call& call)
      : GdnGates{matrix_of(call.input("a")), matrix_of(call.input("b")),
                 matrix_of(call.input("A_log")), matrix_of(call.input("dt_bias"))},
        valid_tokens(valid_tokens_of(call)) {}

  JudgedMatrix rows() const { return zeros(a.rows(), A_log.rows()); }
  JudgedMatrix heads() const { return zeros(A_log.rows(), 1); }

  // visit(token, head) for each of those that a segment owns.
  template <class Visit>
  void for_each_gate(Visit visit) const {
    for (std::int64_t t = 0; t < valid_tokens; ++t)
      for (std::int64_t h = 0; h < A_log.rows(); ++h) visit(t, h);
  }
};

ReferenceResult forward(const Problem& p) {
  JudgedMatrix g = p.rows(), beta = p.rows();
  p.for_each_gate([&](std::int64_t t, std::int64_t h) {
    add(g, t, h, p.g(t, h), 1);
    add(beta, t, h, p.beta(t, h), 1);
  });
  return {judged("g", g), judged("beta", beta)};
}

ReferenceResult backward(const Problem& p, const Matrix& dg, const Matrix& dbeta) {
  JudgedMatrix da = p.rows(), db = p.rows(), dA_log = p.heads(), ddt_bias = p.heads();
  p.for_each_gate([&](std::int64_t t, std::int64_t h) {
    add(da, t, h, p.g_slope(t, h), dg(t, h));
    add(db, t, h, p.beta_slope(t, h), dbeta(t, h));
    add(dA_log, h, 0, p.g(t, h), dg(t, h));
    add(ddt_bias, h, 0, p.g_slope(t, h), dg(t, h));
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
