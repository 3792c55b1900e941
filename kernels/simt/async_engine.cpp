#include "kernels/simt/async_engine.h"

#include "kernels/simt/block_scheduler.h"

namespace packproof::simt::detail {

AsyncEngine::AsyncEngine(BlockScheduler& scheduler)
    : copies(scheduler), mbarriers(scheduler), named_barriers(scheduler), scheduler_(scheduler) {}

void AsyncEngine::begin_block(uint32_t thread_count) {
  copies.begin_block(thread_count);
  mbarriers.begin_block();
  named_barriers.begin_block();
}

void AsyncEngine::end_block() {
  copies.end_block();
  while (advance_one()) {
  }
  mbarriers.end_block();
}

void AsyncEngine::add(std::unique_ptr<PendingOperation> operation) {
  pending_.push_back(std::move(operation));
}

bool AsyncEngine::advance_one() {
  if (pending_.empty()) return false;
  size_t chosen = pending_.size() - 1;
  if (scheduler_.draws_at_random()) chosen = scheduler_.random().next() % pending_.size();
  if (!pending_[chosen]->advance()) {
    pending_.erase(pending_.begin() + static_cast<ptrdiff_t>(chosen));
  }
  return true;
}

AsyncEngine& async_engine(const char* instruction, const SourceSite& site) {
  BlockScheduler* scheduler = BlockScheduler::current();
  if (scheduler == nullptr) fail_thread(site, "%s is called outside a kernel", instruction);
  return scheduler->async();
}

}  // namespace packproof::simt::detail
