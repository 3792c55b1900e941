#include "kernels/simt/race/fence_order.h"

#include <algorithm>

namespace packproof::simt::detail {

void FenceOrder::begin_launch(uint32_t thread_count) {
  threads_.assign(thread_count, {});
  flags_.clear();
}

void FenceOrder::begin_block() {
  for (Thread& thread : threads_) thread = {};
}

void FenceOrder::fence(uint32_t thread, bool is_device_wide) {
  Thread& own = threads_[thread];
  const uint32_t run = clocks_.run();
  std::erase_if(own.read, [&](const Published& published) {
    if (published->run != run && !is_device_wide) return false;
    clocks_.acquire(thread, published);
    return true;
  });
  own.by_block_fence = clocks_.publish(thread, is_device_wide);
  if (is_device_wide) own.by_device_fence = own.by_block_fence;
}

void FenceOrder::add(std::vector<Published>& flag, const Published& published) const {
  if (published == nullptr) return;
  // The same thread knew less before.
  std::erase_if(flag, [&](const Published& known) {
    return known->run == published->run && known->thread == published->thread &&
           (published->is_device_wide || !known->is_device_wide);
  });
  flag.push_back(published);
}

void FenceOrder::before_atomic(uint32_t thread, uintptr_t address, AtomicOrder order) {
  if (!order.writes) return;
  Thread& own = threads_[thread];
  Published released = order.releases ? clocks_.publish(thread, /*is_device_wide=*/true) : nullptr;
  if (own.by_block_fence == nullptr && released == nullptr) {
    if (!order.reads && !flags_.empty()) flags_.erase(address);
    return;
  }
  // What was read before it is replaced is read in after_atomic: an update keeps it.
  std::vector<Published>& flag = flags_[address];
  if (!order.reads) flag.clear();
  add(flag, own.by_device_fence);
  if (own.by_block_fence != own.by_device_fence) add(flag, own.by_block_fence);
  add(flag, released);
}

void FenceOrder::after_atomic(uint32_t thread, uintptr_t address, AtomicOrder order) {
  if (!order.reads || flags_.empty()) return;
  const auto found = flags_.find(address);
  if (found == flags_.end()) return;
  std::vector<Published>& read = threads_[thread].read;
  const uint32_t run = clocks_.run();
  for (const Published& published : found->second) {
    if (published->run != run && !published->is_device_wide) continue;
    if (published->run == run && published->thread == thread) continue;
    if (order.acquires) {
      clocks_.acquire(thread, published);
    } else if (std::find(read.begin(), read.end(), published) == read.end()) {
      read.push_back(published);
    }
  }
}

}  // namespace packproof::simt::detail
