// One rank's part of gated_delta_net_block. Ulysses' way: a rank projects its own run of tokens, an
// all-to-all gives it all tokens of its share of the heads, the convolution, the delta rule and the
// norm run there on the whole cu_seqlens, and a second all-to-all brings its own tokens back.
//
// What is between two steps is of the call's dtype, as in transformers; gates are fp32.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/ops/op.h"
#include "kernels/conv/causal_conv1d/causal_conv1d_kernel.h"
#include "kernels/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_kernel.h"
#include "kernels/delta_rule/gdn_gating/gdn_gating_kernel.h"
#include "kernels/layer/gated_delta_net_block/gated_delta_net_block_kernel.h"
#include "kernels/norm/rms_norm_gated/rms_norm_gated_kernel.h"

namespace packproof::harness {

// What is projected from the hidden states; each part's heads are shared out evenly. The first
// three are the channels of the convolution, in this order.
enum class BlockPart : std::uint8_t { q, k, v, z, b, a };
inline constexpr std::array kBlockParts = {BlockPart::q, BlockPart::k, BlockPart::v,
                                           BlockPart::z, BlockPart::b, BlockPart::a};
inline constexpr std::array kConvParts = {BlockPart::q, BlockPart::k, BlockPart::v};

// A tensor a part.
struct BlockParts {
  std::array<void*, kBlockParts.size()> data{};
  void*& operator[](BlockPart part) { return data[static_cast<std::size_t>(part)]; }
  void* operator[](BlockPart part) const { return data[static_cast<std::size_t>(part)]; }
};

struct BlockSizes {
  DType dtype;
  std::int32_t world, segments;
  std::int64_t tokens, hidden;  // tokens of the whole group
  std::int64_t key_heads, value_heads, key_dim, value_dim;

  std::int64_t width(BlockPart part) const;    // of all ranks' heads, elements a token
  std::int64_t channel(BlockPart part) const;  // the first one of q, k or v in qkv
  std::int64_t values() const { return value_heads * value_dim; }
  std::int64_t own_tokens() const { return tokens / world; }
};

// Checks everything that can be refused: nothing was written yet. Throws Refusal.
BlockSizes checked_block_sizes(const DeviceCall& call);

// What the forward pass leaves to the backward one. By heads: [tokens, this rank's share].
struct BlockActivations {
  BlockParts projected;  // by heads
  BlockParts convolved;  // q, k and v by heads
  float *g, *beta;       // by heads
  void* o;               // by heads
  void* normed;          // [own tokens, values]
};

class BlockRank {
 public:
  BlockRank(const DeviceCall& call, const RankCall& rank, const BlockSizes& sizes)
      : call_(call), rank_(rank), sizes_(sizes) {}

  void forward() const;   // writes y
  void backward() const;  // writes the gradients

 private:
  // Gradients of what the rank holds by heads.
  struct HeadGradients {
    BlockParts parts;
    float* norm_weight;  // [value_dim], of this rank's heads
  };

  BlockActivations activations() const;
  HeadGradients head_gradients(const BlockActivations& at, const void* dnormed) const;
  // Of q, k and v; gives each rank's copy of the convolution's gradient.
  void conv_backward(const BlockActivations& at, const BlockParts& upstream, BlockParts& d) const;
  void gating_backward(const BlockActivations& at, const float* dg, const float* dbeta,
                       BlockParts& d) const;
  void hidden_gradient(const BlockParts& d) const;
  // Sums over tokens that every rank has a part of: added in fp32 in the order of ranks.
  void summed_gradients(const BlockActivations& at, const BlockParts& d, float* dnorm_weight) const;

  void* to_heads(const void* by_sequence, std::int64_t width) const;
  void* to_sequence(const void* by_heads, std::int64_t width) const;

  CausalConv1dInputs conv_inputs(const BlockActivations& at, BlockPart part) const;
  GdnGatingInputs gating_inputs(const BlockActivations& at) const;
  GatedDeltaRuleInputs delta_rule_inputs(const BlockActivations& at) const;
  RmsNormGatedInputs norm_inputs(const BlockActivations& at) const;

  std::int64_t share(BlockPart part) const { return sizes_.width(part) / sizes_.world; }
  std::int64_t element_bytes() const { return static_cast<std::int64_t>(size_of(sizes_.dtype)); }
  // Scratch memory.
  void* elements(std::int64_t count) const {
    return rank_.workspace(static_cast<std::size_t>(count * element_bytes()));
  }
  float* floats(std::int64_t count) const {
    return static_cast<float*>(rank_.workspace(static_cast<std::size_t>(count) * sizeof(float)));
  }
  std::byte* at_element(void* start, std::int64_t index) const {
    return static_cast<std::byte*>(start) + index * element_bytes();
  }
  void* input(std::string_view name) const { return call_.device.input(TensorName(name)).data; }
  // This rank's rows of a tensor of tokens.
  void* own_rows(const Tensor& tensor) const {
    return at_element(tensor.data, rank_.rank() * sizes_.own_tokens() * sizes_.hidden);
  }
  // This rank's copy of a gradient that all ranks have alike.
  std::byte* own_copy(std::string_view name) const;
  // [out, hidden]: the projection of a part.
  void* weight(BlockPart part) const;
  const std::int32_t* boundaries() const {
    return call_.device.input("cu_seqlens").as<const std::int32_t>();
  }
  TokenRows token_rows() const {
    return {.dtype = sizes_.dtype,
            .count = sizes_.own_tokens(),
            .first = rank_.rank() * sizes_.own_tokens(),
            .end = boundaries() + sizes_.segments};
  }

  const DeviceCall& call_;
  const RankCall& rank_;
  const BlockSizes& sizes_;
};

}  // namespace packproof::harness
