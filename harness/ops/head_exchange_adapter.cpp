#include "harness/ops/head_exchange_adapter.h"

#include <fmt/format.h>

namespace packproof::harness {

HeadExchange head_exchange_of(const Tensor& by_sequence, std::int64_t world) {
  const std::int64_t tokens = by_sequence.size(0), heads = by_sequence.size(1);
  if (heads % world != 0)
    throw Refusal(
        fmt::format("{} heads over {} sequence-parallel ranks: each must get as many; use a number "
                    "of ranks that divides the heads",
                    heads, world));
  if (tokens % world != 0)
    throw Refusal(
        fmt::format("{} tokens over {} sequence-parallel ranks: each must get as many; pad them to "
                    "a multiple of the ranks first (sp_pad)",
                    tokens, world));
  return {.world = static_cast<std::int32_t>(world),
          .tokens = tokens / world,
          .shard_bytes = heads / world * by_sequence.size(2) *
                         static_cast<std::int64_t>(size_of(by_sequence.dtype))};
}

void exchange_to_heads(const DeviceCall& call, const HeadExchange& exchange,
                       const Tensor& by_sequence, const Tensor& by_heads, const ShardStep& sort) {
  call.on_ranks(exchange.world, [&](const RankCall& rank) {
    void* blocks = rank.workspace(exchange.share_bytes());
    sort(share_of(exchange, by_sequence, rank.rank()), blocks, rank.stream);
    rank.all_to_all(blocks, share_of(exchange, by_heads, rank.rank()), exchange.block_bytes());
  });
}

void exchange_to_sequence(const DeviceCall& call, const HeadExchange& exchange,
                          const Tensor& by_heads, const Tensor& by_sequence,
                          const ShardStep& sort) {
  call.on_ranks(exchange.world, [&](const RankCall& rank) {
    void* blocks = rank.workspace(exchange.share_bytes());
    rank.all_to_all(share_of(exchange, by_heads, rank.rank()), blocks, exchange.block_bytes());
    sort(blocks, share_of(exchange, by_sequence, rank.rank()), rank.stream);
  });
}

}  // namespace packproof::harness
