#include "reference/delta_rule/gdn_gating/gdn_gating_judged.h"

#include <cmath>

#include "reference/delta_rule/gdn_gating/gdn_gating_reference.h"

namespace packproof::reference {
namespace {

double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

void backward(const JudgedCall& call, const GdnGatingProblem& p, const Matrix& g) {
  const JudgedMatrix &dg = call.input("dg"), &dbeta = call.input("dbeta");
  JudgedMatrix &da = call.output("da"), &db = call.output("db");
  JudgedMatrix &dA_log = call.output("dA_log"), &ddt_bias = call.output("ddt_bias");
  for (std::int64_t t = p.cu_seqlens(0); t < p.cu_seqlens(p.cu_seqlens.size() - 1); ++t)
    for (std::int64_t h = 0; h < p.A_log.rows(); ++h) {
      const Judged of_g{dg.value(t, h), dg.magnitude(t, h)};
      const double slope = -std::exp(p.A_log(h)) * sigmoid(p.a(t, h) + p.dt_bias(h));
      add(da, t, h, of_g, slope);
      add(ddt_bias, h, 0, of_g, slope);
      add(dA_log, h, 0, of_g, g(t, h));
      add(db, t, h, {dbeta.value(t, h), dbeta.magnitude(t, h)},
          sigmoid(p.b(t, h)) * sigmoid(-p.b(t, h)));
    }
}

}  // namespace

void gdn_gating_judged(const JudgedCall& call) {
  const GdnGatingProblem problem = {.a = call.value("a"),
                                    .b = call.value("b"),
                                    .A_log = call.value("A_log"),
                                    .dt_bias = call.value("dt_bias"),
                                    .cu_seqlens = call.cu_seqlens};
  const GdnGates gates = gdn_gating(problem);
  if (!call.is_forward()) return backward(call, problem, gates.g.value);
  call.output("g") = gates.g;
  call.output("beta") = gates.beta;
}

}  // namespace packproof::reference
