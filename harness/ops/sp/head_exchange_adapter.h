// What seq_to_head and head_to_seq have in common: the all-to-all over the ranks' shares of tensors
// by sequence and by heads (cases/sp/head_exchange.h has their dims).
#pragma once

#include <cstdint>

#include "harness/ops/op.h"
#include "reference/sp/head_exchange_shape.h"

namespace packproof::harness {

// How the heads and tokens of a group are shared out.
struct HeadExchange {
  std::int32_t sp;    // ranks of a group
  std::int32_t ring;  // groups
  std::int64_t batch;
  std::int64_t tokens;       // of one rank, in all rows
  std::int64_t shard_bytes;  // of one rank's heads in one token

  std::int32_t world() const { return sp * ring; }
  std::int64_t run_bytes() const { return tokens / batch * shard_bytes; }
  std::size_t block_bytes() const { return static_cast<std::size_t>(tokens * shard_bytes); }
  // One rank's share of a tensor, by sequence or by heads.
  std::size_t share_bytes() const { return static_cast<std::size_t>(sp) * block_bytes(); }
};

// Throws Refusal where the ranks cannot have equal shares.
HeadExchange head_exchange_of(const Case& the_case, DType dtype);

// As the references are told.
reference::HeadExchangeShape exchange_shape_of(const Case& the_case);

// The share of `rank` in a tensor of all ranks.
inline std::byte* share_of(const HeadExchange& exchange, const Tensor& tensor, int rank) {
  return tensor.as<std::byte>() + static_cast<std::size_t>(rank) * exchange.share_bytes();
}

// Swaps the leading axes of [tokens, sp, shard_bytes], or those of [sp, tokens, shard_bytes].
using ShardStep = std::function<void(const void* from, void* to, std::int64_t tokens,
                                     std::int64_t shard_bytes, Stream stream)>;

// `to_blocks` sorts what is to be sent by receiver, `from_blocks` what came by token. With batch >
// 1 they also sort the runs of the rows, a run being one token.

// Every rank: `to_blocks` (its tokens' heads), the all-to-all, and with batch > 1 `from_blocks`.
void exchange_to_heads(const DeviceCall& call, const HeadExchange& exchange,
                       const Tensor& by_sequence, const Tensor& by_heads,
                       const ShardStep& to_blocks, const ShardStep& from_blocks);
// Every rank: with batch > 1 `to_blocks`, the all-to-all, then `from_blocks` (its tokens' heads).
void exchange_to_sequence(const DeviceCall& call, const HeadExchange& exchange,
                          const Tensor& by_heads, const Tensor& by_sequence,
                          const ShardStep& to_blocks, const ShardStep& from_blocks);

}  // namespace packproof::harness
