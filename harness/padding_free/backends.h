// The implementations that frameworks choose from for the ops in which tokens see each other, and
// whether each can be told where packed sequences begin.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace packproof::harness {

// Ops that a packed row must not be handed to without its boundaries. All others see each token by
// itself.
enum class MixingOp : std::uint8_t { attention, causal_conv1d, chunk_gated_delta_rule };
inline constexpr std::array kMixingOps = {MixingOp::attention, MixingOp::causal_conv1d,
                                          MixingOp::chunk_gated_delta_rule};

std::string_view name_of(MixingOp op);

// How a backend is told of boundaries.
enum class Boundaries : std::uint8_t {
  none,        // not at all: a packed row is one long sequence to it
  cu_seqlens,  // int32 [segments + 1]
  seq_idx,     // int32 [batch, tokens], the segment of each token
};

std::string_view name_of(Boundaries boundaries);

struct Backend {
  MixingOp op;
  std::string_view name;  // as frameworks spell it
  Boundaries boundaries;
  bool gives_lse;           // attention only: partial outputs can be merged over a ring
  std::string_view source;  // where its interface is described
};

// All that are known, in the order in which they should be tried: packed kernels first.
std::span<const Backend> known_backends();

// Null if no backend of this op has the name.
const Backend* find_backend(MixingOp op, std::string_view name);

// "flash_attention_2, flash_attention_3": those that take boundaries, or all of an op.
std::string packed_backends(MixingOp op);
std::string all_backends(MixingOp op);

}  // namespace packproof::harness
