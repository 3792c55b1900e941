#include "kernels/simt/runtime/async_engine.h"

#include "kernels/simt/runtime/block_scheduler.h"

namespace packproof::simt::detail {

AsyncEngine::AsyncEngine(Block& block)
    : pending(block),
      mbarriers(block),
      copies(block, pending, mbarriers),
      bulk_copies(block, pending, mbarriers),
      named_barriers(block),
      warpgroup_products(block),
      warpgroup_registers(block),
      block_(block) {}

void AsyncEngine::begin_block(uint32_t thread_count) {
  const RuntimeScope scope;
  copies.begin_block(thread_count);
  bulk_copies.begin_block(thread_count);
  mbarriers.begin_block();
  named_barriers.begin_block();
  warpgroup_products.begin_block();
  warpgroup_registers.begin_block();
  elect_starts_.clear();
}

void AsyncEngine::end_block() {
  const RuntimeScope scope;
  copies.end_block();
  bulk_copies.end_block();
  warpgroup_products.end_block();
  warpgroup_registers.end_block();
  while (pending.advance_one()) {  // stores that have been read, and arrivals
  }
  mbarriers.end_block();
}

uint32_t AsyncEngine::elect_start(uint32_t mask) {
  if (!block_.draws_at_random()) return 0;
  const auto [found, is_new] = elect_starts_.try_emplace(mask, 0);
  if (is_new) found->second = static_cast<uint32_t>(block_.random().next() % kLanes);
  return found->second;
}

AsyncCall::AsyncCall(const char* instruction, const SourceSite& site) {
  BlockScheduler* scheduler = BlockScheduler::current();
  if (scheduler == nullptr) fail_thread(site, "%s is called outside a kernel", instruction);
  engine_ = &scheduler->async();
}

}  // namespace packproof::simt::detail
