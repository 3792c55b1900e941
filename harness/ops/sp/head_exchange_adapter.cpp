#include "harness/ops/sp/head_exchange_adapter.h"

#include <numeric>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

// How the heads and tokens of a group are shared out.
struct HeadExchange {
  std::int32_t sp;    // ranks of a group
  std::int32_t ring;  // groups
  std::int64_t batch;
  std::int64_t tokens;       // of one rank, in all rows
  std::int64_t shard_bytes;  // of one rank's heads in one token

  std::int32_t world() const { return sp * ring; }
  std::size_t block_bytes() const { return static_cast<std::size_t>(tokens * shard_bytes); }
  // One rank's share of a tensor, by sequence or by heads.
  std::size_t share_bytes() const { return static_cast<std::size_t>(sp) * block_bytes(); }

  ShardCopy tokens_of(const void* from, void* to) const {
    return {from, to, tokens, sp, shard_bytes};
  }
  // The runs of the rows.
  ShardCopy runs_of(const void* from, void* to) const {
    return {from, to, batch, sp, tokens / batch * shard_bytes};
  }
};

using GroupPart = std::function<void(const RankCall& in_group, int rank)>;

// Each group of sp ranks for itself; `rank` counts all of them.
void on_groups(const DeviceCall& call, const HeadExchange& exchange, const GroupPart& part) {
  call.on_ranks(exchange.world(), [&](const RankCall& rank) {
    if (exchange.ring == 1) return part(rank, rank.rank());
    const auto group = rank.communicator.split(rank.rank() / exchange.sp);
    part(rank.in_group(*group), rank.rank());
  });
}

// Throws Refusal where the ranks cannot have equal shares.
HeadExchange head_exchange_of(const Case& the_case) {
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
          .shard_bytes = heads / sp * the_case.integer("dim") *
                         static_cast<std::int64_t>(size_of(the_case.dtype))};
}

// The share of `rank` in a tensor of all ranks.
std::byte* share_of(const HeadExchange& exchange, const Tensor& tensor, int rank) {
  return tensor.as<std::byte>() + static_cast<std::size_t>(rank) * exchange.share_bytes();
}

void exchange_to_heads(const DeviceCall& call, const HeadExchange& exchange,
                       const Tensor& by_sequence, const Tensor& by_heads, const ShardSteps& steps) {
  on_groups(call, exchange, [&](const RankCall& group, int rank) {
    std::byte* const own = share_of(exchange, by_heads, rank);
    void* sent = group.workspace(exchange.share_bytes());
    steps.to_blocks(call.target, exchange.tokens_of(share_of(exchange, by_sequence, rank), sent),
                    group.stream);
    if (exchange.batch == 1) return group.all_to_all(sent, own, exchange.block_bytes());
    void* received = group.workspace(exchange.share_bytes());
    group.all_to_all(sent, received, exchange.block_bytes());
    steps.from_blocks(call.target, exchange.runs_of(received, own), group.stream);
  });
}

void exchange_to_sequence(const DeviceCall& call, const HeadExchange& exchange,
                          const Tensor& by_heads, const Tensor& by_sequence,
                          const ShardSteps& steps) {
  on_groups(call, exchange, [&](const RankCall& group, int rank) {
    const void* sent = share_of(exchange, by_heads, rank);
    if (exchange.batch > 1) {
      void* sorted = group.workspace(exchange.share_bytes());
      steps.to_blocks(call.target, exchange.runs_of(sent, sorted), group.stream);
      sent = sorted;
    }
    void* blocks = group.workspace(exchange.share_bytes());
    group.all_to_all(sent, blocks, exchange.block_bytes());
    steps.from_blocks(call.target,
                      exchange.tokens_of(blocks, share_of(exchange, by_sequence, rank)),
                      group.stream);
  });
}

}  // namespace

Returned exchange_heads(const DeviceCall& call, HeadExchangeTo forward, const ShardSteps& steps) {
  const bool is_forward = call.host.has_output("y");
  const Tensor& from = call.device.input(is_forward ? TensorName("x") : "dy");
  const Tensor& to = call.device.output(is_forward ? TensorName("y") : "dx");
  const HeadExchange exchange = head_exchange_of(*call.host.the_case);
  const bool to_heads = is_forward == (forward == HeadExchangeTo::heads);
  (to_heads ? exchange_to_heads : exchange_to_sequence)(call, exchange, from, to, steps);
  return all_outputs(call.device);
}

}  // namespace packproof::harness
