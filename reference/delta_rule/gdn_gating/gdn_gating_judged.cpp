#include "reference/delta_rule/gdn_gating/gdn_gating_judged.h"

#include <algorithm>
#include <cmath>

namespace packproof::reference {
namespace {

double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

double softplus(double v) { return std::max(v, 0.0) + std::log1p(std::exp(-std::abs(v))); }

struct Gates {
  const Matrix &a, &b, &A_log, &dt_bias;

  explicit Gates(const JudgedCall& call)
      : a(call.value("a")),
        b(call.value("b")),
        A_log(call.value("A_log")),
        dt_bias(call.value("dt_bias")) {}

  double rate(std::int64_t h) const { return std::exp(A_log(h)); }
  double decay(std::int64_t t, std::int64_t h) const {
    return -rate(h) * softplus(a(t, h) + dt_bias(h));
  }
  double slope(std::int64_t t, std::int64_t h) const {
    return -rate(h) * sigmoid(a(t, h) + dt_bias(h));
  }
};

// visit(token, head) for each of those that a segment owns.
template <class Visit>
void for_each_gate(const JudgedCall& call, Visit visit) {
  const std::int64_t heads = call.value("A_log").rows();
  for (std::int64_t t = call.first_token(); t < call.last_token(); ++t)
    for (std::int64_t h = 0; h < heads; ++h) visit(t, h);
}

void forward(const JudgedCall& call, const Gates& gates) {
  JudgedMatrix &g = call.output("g"), &beta = call.output("beta");
  for_each_gate(call, [&](std::int64_t t, std::int64_t h) {
    const double decay = gates.decay(t, h), strength = sigmoid(gates.b(t, h));
    add(g, t, h, {decay, -decay}, 1);
    add(beta, t, h, {strength, strength}, 1);
  });
}

void backward(const JudgedCall& call, const Gates& gates) {
  const JudgedMatrix &dg = call.input("dg"), &dbeta = call.input("dbeta");
  JudgedMatrix &da = call.output("da"), &db = call.output("db");
  JudgedMatrix &dA_log = call.output("dA_log"), &ddt_bias = call.output("ddt_bias");
  for_each_gate(call, [&](std::int64_t t, std::int64_t h) {
    const Judged of_g{dg.value(t, h), dg.magnitude(t, h)};
    const double slope = gates.slope(t, h), b = gates.b(t, h);
    add(da, t, h, of_g, slope);
    add(ddt_bias, h, 0, of_g, slope);
    add(dA_log, h, 0, of_g, gates.decay(t, h));
    add(db, t, h, {dbeta.value(t, h), dbeta.magnitude(t, h)}, sigmoid(b) * sigmoid(-b));
  });
}

}  // namespace

void gdn_gating_judged(const JudgedCall& call) {
  const Gates gates(call);
  if (call.is_forward())
    forward(call, gates);
  else
    backward(call, gates);
}

}  // namespace packproof::reference
