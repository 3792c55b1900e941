#include "reference/delta_rule/delta_rule_padded.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace packproof::reference {
namespace {

constexpr std::int64_t kChunk = 64;
constexpr double kNormEpsilon = 1e-6;

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

}  // namespace

// The chunked batched form that a user runs without packing (WY representation, arXiv 2406.06484):
// within a chunk by matrix products, from chunk to chunk by the state.
PaddedDeltaRule delta_rule_on_rows(const DeltaRuleRows& in, bool normalize) {
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

}  // namespace packproof::reference
