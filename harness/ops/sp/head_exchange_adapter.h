// What seq_to_head and head_to_seq have in common: the all-to-all over the ranks' shares of tensors
// by sequence and by heads (cases/sp/head_exchange.h has their dims).
#pragma once

#include <cstdint>

#include "harness/ops/op.h"

namespace packproof::harness {

// A copy that swaps the leading axes of [tokens, world, shard_bytes], or those of [world, tokens,
// shard_bytes].
struct ShardCopy {
  const void* from;
  void* to;
  std::int64_t tokens;
  std::int32_t world;  // sp
  std::int64_t shard_bytes;

  // As the launchers take it: the fields of their params say where it goes, in this order.
  template <class Params>
  Params as() const {
    return {from, to, tokens, world, shard_bytes};
  }
};

// `to_blocks` sorts what is to be sent by receiver, `from_blocks` what came by token. With batch >
// 1 they also sort the runs of the rows, a run being one token.
using ShardStep = void (*)(Target target, const ShardCopy& copy, Stream stream);
struct ShardSteps {
  ShardStep to_blocks, from_blocks;
};

enum class HeadExchangeTo : std::uint8_t { heads, sequence };

// Forward x -> y as `forward` says, backward dy -> dx the other way: every rank `to_blocks`, the
// all-to-all, then `from_blocks`, by heads only with batch > 1.
Returned exchange_heads(const DeviceCall& call, HeadExchangeTo forward, const ShardSteps& steps);

}  // namespace packproof::harness
