#include <string_view>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "reference/core/timed_padded.h"
#include "reference/core/torch_padded.h"
#include "reference/delta_rule/delta_rule_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

at::Tensor leaf(const Call& call, TensorName name) {
  if (!call.has_input(name)) return {};
  return to_torch(call.input(name)).requires_grad_(call.the_case->direction == Direction::bwd);
}

// A segment at a time: LibTorch has no op that takes packed rows.
PaddedDeltaRule forward_packed(const DeltaRuleRows& in, const std::vector<std::int64_t>& lengths,
                               bool normalize) {
  std::vector<at::Tensor> outputs, states;
  std::int64_t begin = 0;
  for (const std::int64_t length : lengths) {
    const auto of = [&](const at::Tensor& x) { return x.narrow(1, begin, length); };
    const PaddedDeltaRule one = delta_rule_on_rows(
        {of(in.q), of(in.k), of(in.v), of(in.g), of(in.beta), /*initial_state=*/{}}, normalize);
    outputs.push_back(one.o);
    states.push_back(one.final_state);
    begin += length;
  }
  return {at::cat(outputs, 1), at::cat(states, 0)};
}

}  // namespace

ReferenceResult chunk_gated_delta_rule_padded(const Call& call) {
  const at::Tensor q = leaf(call, "q"), k = leaf(call, "k"), v = leaf(call, "v");
  const at::Tensor g = leaf(call, "g"), beta = leaf(call, "beta");
  const at::Tensor initial_state = leaf(call, "initial_state");
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const auto rows = [&](const at::Tensor& packed) { return pad(packed, cu_seqlens); };
  PaddedDeltaRule out =
      delta_rule_on_rows({rows(q), rows(k), rows(v), rows(g), rows(beta), initial_state},
                         call.the_case->is("l2norm", "inside"));
  out.o = unpad(out.o, cu_seqlens, v.size(0));
  ReferenceResult results;
  if (call.the_case->direction == Direction::fwd) {
    results.push_back(result("o", out.o));
    if (call.has_output("final_state")) results.push_back(result("final_state", out.final_state));
    return results;
  }

  // The gradient of o may hold anything in slack: only valid rows take part.
  const std::int64_t valid = cu_seqlens[-1].item<std::int64_t>();
  out.o.narrow(0, 0, valid)
      .backward(to_torch(call.input("do")).narrow(0, 0, valid), /*retain_graph=*/true);
  if (call.has_input("dfinal_state"))
    out.final_state.backward(to_torch(call.input("dfinal_state")));
  const std::pair<const char*, at::Tensor> gradients[] = {
      {"dq", q.grad()}, {"dk", k.grad()},       {"dv", v.grad()},
      {"dg", g.grad()}, {"dbeta", beta.grad()}, {"dinitial_state", {}}};
  for (const auto& [name, gradient] : gradients) {
    if (!call.has_output(TensorName(name))) continue;
    results.push_back(result(name, gradient.defined() ? gradient : initial_state.grad()));
  }
  return results;
}

// In fp32, as the fallback of transformers computes it.
TimedBaseline chunk_gated_delta_rule_timed(const Call& call, RowLayout layout, TorchDevice device) {
  return timed_baseline(
      call, layout, device,
      {{.name = "o", .gradient = "do"},
       {.name = "final_state", .gradient = "dfinal_state", .is_rows = false}},
      [](TimedInputs& in) -> TimedForward {
        const at::Tensor q = in.rows("q"), k = in.rows("k"), v = in.rows("v");
        const at::Tensor g = in.rows("g"), beta = in.rows("beta");
        const bool normalize = in.the_case().is("l2norm", "inside");
        const bool packed = in.layout() == RowLayout::packed;
        return [=, lengths = in.lengths()] {
          const auto single = [](const at::Tensor& x) { return x.to(at::kFloat); };
          const DeltaRuleRows rows{single(q), single(k), single(v), g, beta, /*initial_state=*/{}};
          const PaddedDeltaRule out = packed ? forward_packed(rows, lengths, normalize)
                                             : delta_rule_on_rows(rows, normalize);
          return std::vector{out.o.to(v.scalar_type()), out.final_state};
        };
      });
}

}  // namespace packproof::reference
