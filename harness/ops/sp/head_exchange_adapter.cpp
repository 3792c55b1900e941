#include "harness/ops/sp/head_exchange_adapter.h"

#include <numeric>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

using GroupPart = std::function<void(const RankCall& in_group, int rank)>;

// Each group of sp ranks for itself; `rank` counts all of them.
void on_groups(const DeviceCall& call, const HeadExchange& exchange, const GroupPart& part) {
  call.on_ranks(exchange.world(), [&](const RankCall& rank) {
    if (exchange.ring == 1) return part(rank, rank.rank());
    const auto group = rank.communicator.split(rank.rank() / exchange.sp);
    part(rank.in_group(*group), rank.rank());
  });
}

}  // namespace

HeadExchange head_exchange_of(const Case& the_case, DType dtype) {
  const std::int64_t sp = the_case.integer("sp"), ring = the_case.integer("ring");
  const std::int64_t ranks = sp * ring, heads = the_case.integer("heads");
  if (const std::int64_t most = std::gcd(heads, ranks); heads % sp != 0)
    throw Refusal(
        fmt::format("{} heads over {} sequence-parallel ranks: each must get as many; {} ranks can "
                    "be {} groups of {} (sp={}, ring={})",
                    heads, sp, ranks, ranks / most, most, most, ranks / most));
  if (the_case.capacity % ranks != 0)
    throw Refusal(
        fmt::format("{} tokens over {} sequence-parallel ranks: each must get as many; pad them to "
                    "a multiple of the ranks first (sp_pad)",
                    the_case.capacity, ranks));
  const std::int64_t batch = the_case.integer("batch");
  return {.sp = static_cast<std::int32_t>(sp),
          .ring = static_cast<std::int32_t>(ring),
          .batch = batch,
          .tokens = batch * (the_case.capacity / ranks),
          .shard_bytes =
              heads / sp * the_case.integer("dim") * static_cast<std::int64_t>(size_of(dtype))};
}

reference::HeadExchangeShape exchange_shape_of(const Case& the_case) {
  const std::int64_t sp = the_case.integer("sp"), ring = the_case.integer("ring");
  return {.sp = sp,
          .ring = ring,
          .batch = the_case.integer("batch"),
          .tokens = the_case.capacity / (sp * ring),
          .own_heads = the_case.integer("heads") / sp};
}

void exchange_to_heads(const DeviceCall& call, const HeadExchange& exchange,
                       const Tensor& by_sequence, const Tensor& by_heads,
                       const ShardStep& to_blocks, const ShardStep& from_blocks) {
  on_groups(call, exchange, [&](const RankCall& group, int rank) {
    std::byte* const own = share_of(exchange, by_heads, rank);
    void* sent = group.workspace(exchange.share_bytes());
    to_blocks(share_of(exchange, by_sequence, rank), sent, exchange.tokens, exchange.shard_bytes,
              group.stream);
    if (exchange.batch == 1) return group.all_to_all(sent, own, exchange.block_bytes());
    void* received = group.workspace(exchange.share_bytes());
    group.all_to_all(sent, received, exchange.block_bytes());
    from_blocks(received, own, exchange.batch, exchange.run_bytes(), group.stream);
  });
}

void exchange_to_sequence(const DeviceCall& call, const HeadExchange& exchange,
                          const Tensor& by_heads, const Tensor& by_sequence,
                          const ShardStep& to_blocks, const ShardStep& from_blocks) {
  on_groups(call, exchange, [&](const RankCall& group, int rank) {
    const void* sent = share_of(exchange, by_heads, rank);
    if (exchange.batch > 1) {
      void* sorted = group.workspace(exchange.share_bytes());
      to_blocks(sent, sorted, exchange.batch, exchange.run_bytes(), group.stream);
      sent = sorted;
    }
    void* blocks = group.workspace(exchange.share_bytes());
    group.all_to_all(sent, blocks, exchange.block_bytes());
    from_blocks(blocks, share_of(exchange, by_sequence, rank), exchange.tokens,
                exchange.shard_bytes, group.stream);
  });
}

}  // namespace packproof::harness
