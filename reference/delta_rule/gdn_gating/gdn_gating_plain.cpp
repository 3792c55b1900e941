// gdn_gating the obvious way: limits are measured from it. Rounding points: everything is fp32 and
// rounds at each operation, sums over tokens run from the first to the last, and da and db are
// rounded once to their dtype. Softplus is the identity above 20, as in PyTorch.
#include <cmath>

#include "reference/core/plain_floats.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

struct PlainInputs {
  Floats a, b, A_log, dt_bias;
  std::size_t heads, gates;  // of valid tokens

  explicit PlainInputs(const Call& call)
      : a(floats_of(call.input("a"))),
        b(floats_of(call.input("b"))),
        A_log(floats_of(call.input("A_log"))),
        dt_bias(floats_of(call.input("dt_bias"))),
        heads(A_log.size()),
        gates(static_cast<std::size_t>(valid_tokens(call.input("cu_seqlens"))) * heads) {}

  float shifted(std::size_t i) const { return a[i] + dt_bias[i % heads]; }
  float rate(std::size_t i) const { return std::exp(A_log[i % heads]); }
};

float sigmoid(float v) { return 1.0f / (1.0f + std::exp(-v)); }

float softplus(float v) { return v > 20.0f ? v : std::log1p(std::exp(v)); }

void forward(const Call& call) {
  const PlainInputs in(call);
  Floats g(in.a.size()), beta(in.a.size());
  for (std::size_t i = 0; i < in.gates; ++i) {
    g[i] = -in.rate(i) * softplus(in.shifted(i));
    beta[i] = sigmoid(in.b[i]);
  }
  store_floats(call.output("g"), g);
  store_floats(call.output("beta"), beta);
}

void backward(const Call& call) {
  const PlainInputs in(call);
  const Floats dg = floats_of(call.input("dg")), dbeta = floats_of(call.input("dbeta"));
  Floats da(in.a.size()), db(in.a.size()), dA_log(in.heads), ddt_bias(in.heads);
  for (std::size_t i = 0; i < in.gates; ++i) {
    da[i] = dg[i] * -in.rate(i) * sigmoid(in.shifted(i));
    db[i] = dbeta[i] * sigmoid(in.b[i]) * sigmoid(-in.b[i]);
    dA_log[i % in.heads] += dg[i] * -in.rate(i) * softplus(in.shifted(i));
    ddt_bias[i % in.heads] += da[i];
  }
  store_floats(call.output("da"), da);
  store_floats(call.output("db"), db);
  store_floats(call.output("dA_log"), dA_log);
  store_floats(call.output("ddt_bias"), ddt_bias);
}

}  // namespace

Returned gdn_gating_plain(const Call& call) { return run_direction(call, forward, backward); }

}  // namespace packproof::reference
