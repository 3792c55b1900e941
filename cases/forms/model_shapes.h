// Linear-attention layers of real models: the shapes that benchmarks take.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace packproof {

struct ModelShape {
  std::string name;
  std::int64_t hidden;  // features of a token between layers
  std::int64_t key_heads, value_heads;
  std::int64_t key_dim, value_dim;
  std::int64_t conv_width;  // taps of causal_conv1d
};

// Qwen3.5, from the largest to the smallest. Source: `text_config` of the config.json that each
// model is published with (hidden_size, linear_num_key_heads, linear_num_value_heads, ...).
std::span<const ModelShape> model_shapes();

// Channels of causal_conv1d: those of q, k and v.
std::int64_t conv_channels(const ModelShape& model);

// The layer on one of `tp` tensor-parallel ranks, which share out the heads; tp divides both.
ModelShape on_rank(const ModelShape& model, std::int64_t tp);

}  // namespace packproof
