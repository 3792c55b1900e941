// The stacks of a worker's fibers, one for each thread of a block. Runtime only.
#pragma once

#include <cstddef>
#include <utility>

namespace packproof::simt::detail {

class FiberStacks {
 public:
  FiberStacks() = default;
  ~FiberStacks();
  FiberStacks(const FiberStacks&) = delete;
  FiberStacks& operator=(const FiberStacks&) = delete;

  // Makes at least `count` stacks; existing ones may move, so no fiber may be alive.
  void reserve(size_t count);

  void* bottom(size_t index) const;
  void* top(size_t index) const;                 // 16-byte aligned
  std::pair<const void*, size_t> range() const;  // of all

 private:
  void release();

  char* base_ = nullptr;
  size_t count_ = 0;
};

}  // namespace packproof::simt::detail
