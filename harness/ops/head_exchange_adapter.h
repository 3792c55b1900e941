// What seq_to_head and head_to_seq have in common: the all-to-all over the ranks' shares of tensors
// by sequence and by heads (cases/packing/head_exchange.h has their dims).
#pragma once

#include <cstdint>

#include "harness/ops/op.h"
#include "reference/head_exchange_shape.h"

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

using ShardStep = std::function<void(const void* from, void* to, Stream stream)>;

// Every rank: `sort` (its tokens' heads by receiver), the all-to-all, and with batch > 1 `by_row`
// (what came, by row).
void exchange_to_heads(const DeviceCall& call, const HeadExchange& exchange,
                       const Tensor& by_sequence, const Tensor& by_heads, const ShardStep& sort,
                       const ShardStep& by_row);
// Every rank: with batch > 1 `by_rank` (its tokens by receiver), the all-to-all, then `sort` (what
// came, by head within each token).
void exchange_to_sequence(const DeviceCall& call, const HeadExchange& exchange,
                          const Tensor& by_heads, const Tensor& by_sequence, const ShardStep& sort,
                          const ShardStep& by_rank);

}  // namespace packproof::harness
