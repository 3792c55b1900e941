#include <algorithm>
#include <array>
#include <vector>

#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/delta_rule/delta_rule_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

constexpr double kEpsilon = 1e-6;  // of the norm of o
// Padded rows at once. A graph holds some 20 KB of a row and head: of a long segment beside many
// short ones it would come to more memory than there is.
constexpr std::int64_t kRows = 1024;
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

// Neighbouring segments that are padded to one length, and their tokens.
struct Batch {
  std::int64_t first_segment, segments, first_token, tokens;
};

// All segments that have tokens: as many in a batch as kRows hold, and at least one.
std::vector<Batch> batches(const at::Tensor& cu_seqlens) {
  const auto at = [&](std::int64_t i) { return cu_seqlens[i].item<std::int64_t>(); };
  std::vector<Batch> all;
  std::int64_t longest = 0;
  for (std::int64_t s = 0; s + 1 < cu_seqlens.size(0); ++s) {
    const std::int64_t first = at(s), length = at(s + 1) - first;
    const std::int64_t together = std::max(longest, length);
    if (all.empty() || (all.back().segments + 1) * together > kRows) {
      all.push_back({s, 0, first, 0});
      longest = length;
    } else {
      longest = together;
    }
    ++all.back().segments;
    all.back().tokens += length;
  }
  std::erase_if(all, [](const Batch& batch) { return batch.tokens == 0; });
  return all;
}

// y of a batch's tokens.
at::Tensor forward(const Call& call, const Leaves& in, const at::Tensor& all_boundaries,
                   const Batch& batch) {
  const Case& c = *call.the_case;
  const std::int64_t key_heads = c.integer("key_heads"), key_dim = c.integer("key_dim");
  const std::int64_t value_heads = c.integer("value_heads"), value_dim = c.integer("value_dim");
  const std::int64_t keys = key_heads * key_dim;
  const at::Tensor cu_seqlens =
      all_boundaries.narrow(0, batch.first_segment, batch.segments + 1) - batch.first_token;
  const at::Tensor x = pad(in[kHidden].narrow(0, batch.first_token, batch.tokens), cu_seqlens);

  const at::Tensor qkv = convolved(at::linear(x, in[kQkv]), in[kConv]);
  const auto key_part = [&](std::int64_t first) {
    return qkv.narrow(-1, first, keys).unflatten(-1, {key_heads, key_dim});
  };
  const at::Tensor v =
      qkv.narrow(-1, 2 * keys, value_heads * value_dim).unflatten(-1, {value_heads, value_dim});
  const at::Tensor g = -in[kALog].exp() * at::softplus(at::linear(x, in[kA]) + in[kDtBias],
                                                       /*beta=*/1, kSoftplusThreshold);
  const at::Tensor beta = at::sigmoid(at::linear(x, in[kB]));
  const at::Tensor o = delta_rule_on_rows({key_part(0), key_part(keys), v, g, beta, {}},
                                          /*normalize=*/true)
                           .o;
  const at::Tensor z = at::linear(x, in[kZ]).unflatten(-1, {value_heads, value_dim});
  const at::Tensor norm =
      o * at::rsqrt(o.square().mean(-1, /*keepdim=*/true) + kEpsilon) * in[kNorm];
  const at::Tensor y = at::linear((norm * at::silu(z)).flatten(2), in[kOut]);
  return unpad(y, cu_seqlens, batch.tokens);
}

}  // namespace

ReferenceResult gated_delta_net_block_padded(const Call& call) {
  const bool is_forward = call.the_case->direction == Direction::fwd;
  Leaves leaves;
  for (std::size_t i = 0; i < kLeaves; ++i)
    leaves[i] = to_torch(call.input(TensorName(kNames[i]))).requires_grad_(!is_forward);
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  at::Tensor y = at::zeros_like(leaves[kHidden]);  // in slack too
  const at::Tensor dy = is_forward ? at::Tensor() : to_torch(call.input("dy"));
  for (const Batch& batch : batches(cu_seqlens)) {
    const auto of = [&](const at::Tensor& x) {
      return x.narrow(0, batch.first_token, batch.tokens);
    };
    const at::Tensor rows = forward(call, leaves, cu_seqlens, batch);
    if (is_forward)
      of(y).copy_(rows);
    else
      rows.backward(of(dy));  // adds to what other batches gave
  }
  if (is_forward) return {result("y", y)};

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
