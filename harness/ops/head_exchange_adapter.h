// What seq_to_head and head_to_seq have in common: the all-to-all over the ranks' shares of tensors
// by sequence, [tokens, heads, dim], and by heads, [sp, tokens, heads / sp, dim].
#pragma once

#include <cstdint>

#include "harness/ops/op.h"

namespace packproof::harness {

// How the heads and tokens of a group are shared out.
struct HeadExchange {
  std::int32_t world;
  std::int64_t tokens;       // of one rank
  std::int64_t shard_bytes;  // of one rank's heads in one token

  std::size_t block_bytes() const { return static_cast<std::size_t>(tokens * shard_bytes); }
  // One rank's share of a tensor, by sequence or by heads.
  std::size_t share_bytes() const { return static_cast<std::size_t>(world) * block_bytes(); }
};

// Throws Refusal where the ranks cannot have equal shares. by_sequence: [tokens, heads, dim].
HeadExchange head_exchange_of(const Tensor& by_sequence, std::int64_t world);

// The share of `rank` in a tensor of the group.
inline std::byte* share_of(const HeadExchange& exchange, const Tensor& tensor, int rank) {
  return tensor.as<std::byte>() + static_cast<std::size_t>(rank) * exchange.share_bytes();
}

using ShardStep = std::function<void(const void* from, void* to, Stream stream)>;

// Every rank: `sort` (its tokens' heads by receiver), then the all-to-all.
void exchange_to_heads(const DeviceCall& call, const HeadExchange& exchange,
                       const Tensor& by_sequence, const Tensor& by_heads, const ShardStep& sort);
// Every rank: the all-to-all, then `sort` (what came, by head within each token).
void exchange_to_sequence(const DeviceCall& call, const HeadExchange& exchange,
                          const Tensor& by_heads, const Tensor& by_sequence, const ShardStep& sort);

}  // namespace packproof::harness
