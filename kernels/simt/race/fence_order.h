// The order that fences and atomics give, within a block and between blocks (PTX ISA, "Memory
// Consistency Model": release and acquire patterns):
//   write data; __threadfence(); atomic write of a flag
//   atomic read of the flag; __threadfence(); read data
// Volatile accesses count as relaxed atomics, as they do there. Runtime only.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "kernels/simt/race/block_clocks.h"

namespace packproof::simt::detail {

struct AtomicOrder {
  bool reads = false;
  bool writes = false;
  bool acquires = false;  // by itself, without a fence
  bool releases = false;
};

class FenceOrder {
 public:
  explicit FenceOrder(BlockClocks& clocks) : clocks_(clocks) {}

  void begin_launch(uint32_t thread_count);
  void begin_block();

  void fence(uint32_t thread, bool is_device_wide);
  // An atomic access is `before` and then `after`: a write that reads takes over what it replaces.
  void before_atomic(uint32_t thread, uintptr_t address, AtomicOrder order);
  void after_atomic(uint32_t thread, uintptr_t address, AtomicOrder order);

 private:
  using Published = std::shared_ptr<const Publication>;
  struct Thread {
    Published by_block_fence;     // what its last fence released, of any kind...
    Published by_device_fence;    // ...and of the whole device
    std::vector<Published> read;  // carried by values that it read since its last fence
  };

  void add(std::vector<Published>& flag, const Published& published) const;

  BlockClocks& clocks_;
  std::vector<Thread> threads_;
  std::unordered_map<uintptr_t, std::vector<Published>> flags_;
};

}  // namespace packproof::simt::detail
