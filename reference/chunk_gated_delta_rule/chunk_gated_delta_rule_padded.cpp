#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "reference/padded_baseline.h"
#include "reference/timed_padded.h"
#include "reference/torch_padded.h"

namespace packproof::reference {
namespace {

constexpr std::int64_t kChunk = 64;
constexpr double kNormEpsilon = 1e-6;

// Rows are [batch, longest, heads, ...], zero in pads.
struct Rows {
  at::Tensor q, k, v, g, beta, initial_state;
};

struct Results {
  at::Tensor o, final_state;  // o: rows, without pads of chunks
};

at::Tensor leaf(const Call& call, std::string_view name) {
  if (!call.has_input(name)) return {};
  return to_torch(call.input(name)).requires_grad_(call.the_case->direction == Direction::bwd);
}

at::Tensor normalized(const at::Tensor& x) {
  return x * at::rsqrt(x.square().sum(-1, /*keepdim=*/true) + kNormEpsilon);
}

// Rows -> [batch, heads, chunks, 64, ...]. A pad has a decay of one and writes nothing: all of it
// is zero.
at::Tensor chunks(const at::Tensor& by_row) {
  const at::Tensor rows = by_row.transpose(1, 2);  // [batch, heads, longest, ...]
  const std::int64_t longest = rows.size(2);
  const std::int64_t count = std::max<std::int64_t>((longest + kChunk - 1) / kChunk, 1);
  std::vector<std::int64_t> padding(2 * static_cast<std::size_t>(rows.dim() - 2), 0);
  padding.back() = count * kChunk - longest;  // pairs of the last axis first
  return at::constant_pad_nd(rows, padding).unflatten(2, {count, kChunk});
}

// The chunked batched form that a user runs without packing (WY representation, arXiv 2406.06484):
// within a chunk by matrix products, from chunk to chunk by the state.
Results forward(const Rows& in, bool normalize) {
  const std::int64_t per_key_head = in.v.size(2) / in.k.size(2), longest = in.v.size(1);
  const double scale = 1 / std::sqrt(static_cast<double>(in.k.size(3)));
  const auto keys = [&](const at::Tensor& x) {
    return chunks((normalize ? normalized(x) : x).repeat_interleave(per_key_head, 2));
  };
  const at::Tensor q = keys(in.q) * scale, k = keys(in.k), v = chunks(in.v);
  const at::Tensor beta = chunks(in.beta).unsqueeze(-1);
  const at::Tensor decay = chunks(in.g).cumsum(-1);  // since the chunk's start
  const at::Tensor ahead = at::ones({kChunk, kChunk}, k.options().dtype(at::kBool)).triu(1);
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
  const at::Tensor rows = at::stack(outputs, 2).flatten(2, 3).transpose(1, 2);
  return {rows.narrow(1, 0, longest), state};
}

// A segment at a time: LibTorch has no op that takes packed rows.
Results forward_packed(const Rows& in, const std::vector<std::int64_t>& lengths, bool normalize) {
  std::vector<at::Tensor> outputs, states;
  std::int64_t begin = 0;
  for (const std::int64_t length : lengths) {
    const auto of = [&](const at::Tensor& x) { return x.narrow(1, begin, length); };
    const Results one = forward(
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
  Results out = forward({rows(q), rows(k), rows(v), rows(g), rows(beta), initial_state},
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
    if (!call.has_output(name)) continue;
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
          const Rows rows{single(q), single(k), single(v), g, beta, /*initial_state=*/{}};
          const Results out =
              packed ? forward_packed(rows, lengths, normalize) : forward(rows, normalize);
          return std::vector{out.o.to(v.scalar_type()), out.final_state};
        };
      });
}

}  // namespace packproof::reference
