#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "reference/padded_baseline.h"
#include "reference/torch_padded.h"

namespace packproof::reference {
namespace {

constexpr std::int64_t kChunk = 64;
constexpr double kNormEpsilon = 1e-6;

struct Leaves {
  at::Tensor q, k, v, g, beta, initial_state, cu_seqlens;
};

struct Results {
  at::Tensor o, final_state;
};

at::Tensor leaf(const Call& call, std::string_view name) {
  if (!call.has_input(name)) return {};
  return to_torch(call.input(name)).requires_grad_(call.the_case->direction == Direction::bwd);
}

at::Tensor normalized(const at::Tensor& x) {
  return x * at::rsqrt(x.square().sum(-1, /*keepdim=*/true) + kNormEpsilon);
}

// Packed [total_tokens, heads, ...] -> [segments, heads, chunks, 64, ...]. A pad has a decay of one
// and writes nothing: all of it is zero.
at::Tensor chunks(const at::Tensor& packed, const at::Tensor& cu_seqlens) {
  at::Tensor rows = pad(packed, cu_seqlens).transpose(1, 2);  // [segments, heads, longest, ...]
  const std::int64_t longest = rows.size(2);
  const std::int64_t count = std::max<std::int64_t>((longest + kChunk - 1) / kChunk, 1);
  std::vector<std::int64_t> padding(2 * static_cast<std::size_t>(rows.dim() - 2), 0);
  padding.back() = count * kChunk - longest;  // pairs of the last axis first
  return at::constant_pad_nd(rows, padding).unflatten(2, {count, kChunk});
}

// The chunked batched form that a user runs without packing (WY representation, arXiv 2406.06484):
// within a chunk by matrix products, from chunk to chunk by the state.
Results forward(const Call& call, const Leaves& in) {
  const std::int64_t per_key_head = in.v.size(1) / in.k.size(1);
  const double scale = 1 / std::sqrt(static_cast<double>(in.k.size(2)));
  const bool normalize = call.the_case->is("l2norm", "inside");
  const auto keys = [&](const at::Tensor& x) {
    return chunks((normalize ? normalized(x) : x).repeat_interleave(per_key_head, 1),
                  in.cu_seqlens);
  };
  const at::Tensor q = keys(in.q) * scale, k = keys(in.k), v = chunks(in.v, in.cu_seqlens);
  const at::Tensor beta = chunks(in.beta, in.cu_seqlens).unsqueeze(-1);
  const at::Tensor decay = chunks(in.g, in.cu_seqlens).cumsum(-1);  // since the chunk's start
  const at::Tensor ahead = at::ones({kChunk, kChunk}, at::kBool).triu(1);
  const at::Tensor between =
      (decay.unsqueeze(-1) - decay.unsqueeze(-2)).masked_fill(ahead, -INFINITY).exp();

  const at::Tensor update =
      at::eye(kChunk, k.options()) + (beta * at::matmul(k, k.mT()) * between).tril(-1);
  const auto solve = [&](const at::Tensor& right) {
    return at::linalg_solve_triangular(update, right, /*upper=*/false, /*left=*/true,
                                       /*unitriangular=*/true);
  };
  const at::Tensor values = solve(beta * v);
  const at::Tensor reads = solve(beta * decay.exp().unsqueeze(-1) * k);
  const at::Tensor attention = at::matmul(q, k.mT()) * between;

  at::Tensor state = in.initial_state.defined()
                         ? in.initial_state
                         : at::zeros({v.size(0), v.size(1), k.size(-1), v.size(-1)}, v.options());
  std::vector<at::Tensor> outputs;
  for (std::int64_t c = 0; c < k.size(2); ++c) {
    const auto of = [c](const at::Tensor& x) { return x.select(2, c); };
    const at::Tensor last = of(decay).narrow(-1, kChunk - 1, 1);
    const at::Tensor written = of(values) - at::matmul(of(reads), state);
    outputs.push_back(at::matmul(of(q) * of(decay).exp().unsqueeze(-1), state) +
                      at::matmul(of(attention), written));
    const at::Tensor keys_left = of(k) * (last - of(decay)).exp().unsqueeze(-1);
    state = last.exp().unsqueeze(-1) * state + at::matmul(keys_left.mT(), written);
  }
  const auto longest = at::diff(in.cu_seqlens).max().item<std::int64_t>();
  const at::Tensor rows = at::stack(outputs, 2).flatten(2, 3).transpose(1, 2);
  return {unpad(rows.narrow(1, 0, longest), in.cu_seqlens, call.input("v").size(0)), state};
}

}  // namespace

ReferenceResult chunk_gated_delta_rule_padded(const Call& call) {
  const Leaves in{leaf(call, "q"),
                  leaf(call, "k"),
                  leaf(call, "v"),
                  leaf(call, "g"),
                  leaf(call, "beta"),
                  leaf(call, "initial_state"),
                  to_torch(call.input("cu_seqlens"))};
  const Results out = forward(call, in);
  ReferenceResult results;
  if (call.the_case->direction == Direction::fwd) {
    results.push_back(result("o", out.o));
    if (call.has_output("final_state")) results.push_back(result("final_state", out.final_state));
    return results;
  }

  // The gradient of o may hold anything in slack: only valid rows take part.
  const std::int64_t valid = in.cu_seqlens[-1].item<std::int64_t>();
  out.o.narrow(0, 0, valid)
      .backward(to_torch(call.input("do")).narrow(0, 0, valid), /*retain_graph=*/true);
  if (call.has_input("dfinal_state"))
    out.final_state.backward(to_torch(call.input("dfinal_state")));
  const std::pair<const char*, at::Tensor> gradients[] = {
      {"dq", in.q.grad()}, {"dk", in.k.grad()},       {"dv", in.v.grad()},
      {"dg", in.g.grad()}, {"dbeta", in.beta.grad()}, {"dinitial_state", {}}};
  for (const auto& [name, gradient] : gradients) {
    if (!call.has_output(name)) continue;
    results.push_back(result(name, gradient.defined() ? gradient : in.initial_state.grad()));
  }
  return results;
}

}  // namespace packproof::reference
