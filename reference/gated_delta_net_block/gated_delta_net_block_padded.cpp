#include <array>
#include <cmath>
#include <vector>

#include <ATen/ATen.h>

#include "reference/padded_baseline.h"
#include "reference/torch_padded.h"

namespace packproof::reference {
namespace {

constexpr double kEpsilon = 1e-6;  // of the norms of q, k and o
// Above its threshold LibTorch takes softplus for the identity; its default of 20 leaves out up to
// 2e-9, which would show in float64.
constexpr double kSoftplusThreshold = 40;

// In the order of the call's inputs.
enum Leaf { kHidden, kQkv, kZ, kB, kA, kConv, kALog, kDtBias, kNorm, kOut, kLeaves };
constexpr std::array<const char*, kLeaves> kNames = {
    "hidden",      "qkv_weight", "z_weight", "b_weight",    "a_weight",
    "conv_weight", "A_log",      "dt_bias",  "norm_weight", "out_weight"};

using Leaves = std::array<at::Tensor, kLeaves>;

// Each row of the batch and channel by itself: x [segments, longest, channels].
at::Tensor convolved(const at::Tensor& x, const at::Tensor& taps) {
  const std::int64_t width = taps.size(1);
  const at::Tensor rows = at::constant_pad_nd(x, {0, 0, width - 1, 0});
  at::Tensor sum = at::zeros_like(x);
  for (std::int64_t j = 0; j < width; ++j)
    sum = sum + rows.narrow(1, j, x.size(1)) * taps.select(1, j);
  return at::silu(sum);
}

at::Tensor normalized(const at::Tensor& x) {
  return x * at::rsqrt(x.square().sum(-1, /*keepdim=*/true) + kEpsilon);
}

// The recurrence of all segments and heads at once: q, k [segments, longest, heads, key_dim] and so
// on, already of as many heads as v. A row that is shorter goes on over zeros.
at::Tensor recurrence(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                      const at::Tensor& g, const at::Tensor& beta) {
  at::Tensor state = at::zeros({v.size(0), v.size(2), k.size(3), v.size(3)}, v.options());
  std::vector<at::Tensor> outputs;
  for (std::int64_t t = 0; t < v.size(1); ++t) {
    const at::Tensor key = k.select(1, t).unsqueeze(-1);  // [segments, heads, key_dim, 1]
    state = state * g.select(1, t).exp().unsqueeze(-1).unsqueeze(-1);
    const at::Tensor retrieved = (state * key).sum(-2);
    const at::Tensor correction = beta.select(1, t).unsqueeze(-1) * (v.select(1, t) - retrieved);
    state = state + key * correction.unsqueeze(-2);
    outputs.push_back((state * q.select(1, t).unsqueeze(-1)).sum(-2));
  }
  return outputs.empty() ? v * 0 : at::stack(outputs, 1);
}

at::Tensor forward(const Call& call, const Leaves& in, const at::Tensor& cu_seqlens) {
  const Case& c = *call.the_case;
  const std::int64_t key_heads = c.integer("key_heads"), key_dim = c.integer("key_dim");
  const std::int64_t value_heads = c.integer("value_heads"), value_dim = c.integer("value_dim");
  const std::int64_t keys = key_heads * key_dim;
  const at::Tensor x = pad(in[kHidden], cu_seqlens);

  const at::Tensor qkv = convolved(at::linear(x, in[kQkv]), in[kConv]);
  const auto key_part = [&](std::int64_t first) {
    return normalized(qkv.narrow(-1, first, keys).unflatten(-1, {key_heads, key_dim}))
        .repeat_interleave(value_heads / key_heads, 2);
  };
  const at::Tensor v =
      qkv.narrow(-1, 2 * keys, value_heads * value_dim).unflatten(-1, {value_heads, value_dim});
  const at::Tensor g = -in[kALog].exp() * at::softplus(at::linear(x, in[kA]) + in[kDtBias],
                                                       /*beta=*/1, kSoftplusThreshold);
  const at::Tensor beta = at::sigmoid(at::linear(x, in[kB]));
  const at::Tensor o =
      recurrence(key_part(0) / std::sqrt(static_cast<double>(key_dim)), key_part(keys), v, g, beta);
  const at::Tensor z = at::linear(x, in[kZ]).unflatten(-1, {value_heads, value_dim});
  const at::Tensor norm =
      o * at::rsqrt(o.square().mean(-1, /*keepdim=*/true) + kEpsilon) * in[kNorm];
  const at::Tensor y = at::linear((norm * at::silu(z)).flatten(2), in[kOut]);
  return unpad(y, cu_seqlens, in[kHidden].size(0));
}

}  // namespace

ReferenceResult gated_delta_net_block_padded(const Call& call) {
  const bool is_forward = call.the_case->direction == Direction::fwd;
  Leaves leaves;
  for (std::size_t i = 0; i < kLeaves; ++i)
    leaves[i] = to_torch(call.input(kNames[i])).requires_grad_(!is_forward);
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const at::Tensor y = forward(call, leaves, cu_seqlens);
  if (is_forward) return {result("y", y)};

  // dy may hold anything in slack: only valid rows take part.
  const std::int64_t valid = cu_seqlens[-1].item<std::int64_t>();
  y.narrow(0, 0, valid).backward(to_torch(call.input("dy")).narrow(0, 0, valid));
  // Nothing reaches some of the leaves where no segment has a token.
  const auto gradient = [&](std::size_t leaf) {
    const at::Tensor& grad = leaves[leaf].grad();
    return grad.defined() ? grad : at::zeros_like(leaves[leaf]);
  };
  ReferenceResult results = {result("dhidden", gradient(kHidden))};
  for (std::size_t i = kQkv; i < kLeaves; ++i) {
    // Every rank has the gradient of a weight alike.
    std::vector<std::int64_t> copies = leaves[i].sizes().vec();
    copies.insert(copies.begin(), call.the_case->integer("sp"));
    results.push_back(
        result(std::string("d") + kNames[i], gradient(i).unsqueeze(0).expand(copies)));
  }
  return results;
}

}  // namespace packproof::reference
