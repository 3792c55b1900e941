#include <cmath>

#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

constexpr double kNormEpsilon = 1e-6;

at::Tensor normalized(const at::Tensor& x) {
  return x / (x.square().sum(-1, /*keepdim=*/true) + kNormEpsilon).sqrt();
}

}  // namespace

// The batched step that a user decodes with, as often as the longest segment has tokens. A pad has
// a decay of one and writes nothing: all of it is zero.
ReferenceResult fused_recurrent_gated_delta_rule_padded(const Call& call) {
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const at::Tensor slots = call.has_input("state_indices") ? to_torch(call.input("state_indices"))
                                                           : at::arange(cu_seqlens.size(0) - 1);
  const at::Tensor states = to_torch(call.input("state"));
  const at::Tensor v = pad(to_torch(call.input("v")), cu_seqlens);
  const at::Tensor g = pad(to_torch(call.input("g")), cu_seqlens);
  const at::Tensor beta = pad(to_torch(call.input("beta")), cu_seqlens);
  // [segments, longest, value_heads, key_dim]
  const auto keys = [&](TensorName name) {
    const at::Tensor rows = pad(to_torch(call.input(name)), cu_seqlens);
    return (call.the_case->is("l2norm", "inside") ? normalized(rows) : rows)
        .repeat_interleave(v.size(2) / rows.size(2), 2);
  };
  const at::Tensor k = keys("k");
  const at::Tensor q = keys("q") / std::sqrt(static_cast<double>(k.size(3)));

  const at::Tensor has_slot = slots >= 0;
  at::Tensor state = states.index_select(0, slots.clamp_min(0));
  const at::Tensor rows = at::zeros_like(v);
  for (std::int64_t t = 0; t < v.size(1); ++t) {
    const at::Tensor key = k.select(1, t).unsqueeze(-1);  // [segments, value_heads, key_dim, 1]
    state = state * g.select(1, t).exp().unsqueeze(-1).unsqueeze(-1);
    const at::Tensor retrieved = at::matmul(key.mT(), state).squeeze(-2);
    const at::Tensor correction = beta.select(1, t).unsqueeze(-1) * (v.select(1, t) - retrieved);
    state = state + key * correction.unsqueeze(-2);
    rows.select(1, t).copy_(at::matmul(q.select(1, t).unsqueeze(-2), state).squeeze(-2));
  }
  const at::Tensor o = at::where(has_slot.view({-1, 1, 1, 1}), rows, 0.0);
  const at::Tensor updated = states.index_put({slots.index({has_slot})}, state.index({has_slot}));
  return {result("o", unpad(o, cu_seqlens, call.input("v").size(0))),
          result("updated_state", updated)};
}

}  // namespace packproof::reference
