#include "kernels/simt/async/async_engine.h"

#include "kernels/simt/runtime/block_scheduler.h"

namespace packproof::simt::detail {

AsyncEngine::AsyncEngine(BlockScheduler& scheduler)
    : copies(scheduler),
      bulk_copies(scheduler),
      mbarriers(scheduler),
      named_barriers(scheduler),
      warpgroup_products(scheduler),
      warpgroup_registers(scheduler),
      scheduler_(scheduler) {}

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
  while (advance_one()) {  // stores that have been read, and arrivals
  }
  mbarriers.end_block();
}

void AsyncEngine::add(std::unique_ptr<PendingOperation> operation) {
  const bool is_eager = scheduler_.draws_at_random() && (scheduler_.random().next() & 1) != 0;
  pending_.push_back({std::move(operation), is_eager});
}

bool AsyncEngine::advance_one() {
  if (pending_.empty()) return false;
  const bool draws = scheduler_.draws_at_random();
  advance(draws ? scheduler_.random().next() % pending_.size() : pending_.size() - 1);
  return true;
}

void AsyncEngine::advance_an_eager_one() {
  if (pending_.empty()) return;
  const size_t drawn = scheduler_.random().next() % pending_.size();
  if (pending_[drawn].is_eager) advance(drawn);
}

void AsyncEngine::advance(size_t chosen) {
  const RuntimeScope scope;
  if (pending_[chosen].operation->advance()) return;
  pending_.erase(pending_.begin() + static_cast<ptrdiff_t>(chosen));
}

uint32_t AsyncEngine::elect_start(uint32_t mask) {
  if (!scheduler_.draws_at_random()) return 0;
  const auto [found, is_new] = elect_starts_.try_emplace(mask, 0);
  if (is_new) found->second = static_cast<uint32_t>(scheduler_.random().next() % kLanes);
  return found->second;
}

AsyncCall::AsyncCall(const char* instruction, const SourceSite& site) {
  BlockScheduler* scheduler = BlockScheduler::current();
  if (scheduler == nullptr) fail_thread(site, "%s is called outside a kernel", instruction);
  engine_ = &scheduler->async();
}

}  // namespace packproof::simt::detail
