#include "kernels/simt/fibers/fiber_stacks.h"

#include <sys/mman.h>

#include "kernels/simt/block/fatal.h"
#include "kernels/simt/block/sanitizer_support.h"

namespace packproof::simt::detail {
namespace {

constexpr size_t kPageBytes = 4096;
// Pages are committed on first touch, so that the size costs address space only.
constexpr size_t kStackBytes = (kAsan ? 256 : 128) * 1024;
constexpr size_t kStrideBytes = kPageBytes + kStackBytes;  // a guard page below each stack

}  // namespace

FiberStacks::~FiberStacks() { release(); }

void FiberStacks::release() {
  if (base_ == nullptr) return;
  allow_access(base_, count_ * kStrideBytes);
  munmap(base_, count_ * kStrideBytes);
  base_ = nullptr;
  count_ = 0;
}

void FiberStacks::reserve(size_t count) {
  if (count_ < count) {
    release();
    void* memory = mmap(nullptr, count * kStrideBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) fatal("no memory for the stacks of %zu threads", count);
    base_ = static_cast<char*>(memory);
    count_ = count;
    for (size_t i = 0; i < count; ++i) {
      if (mprotect(base_ + i * kStrideBytes, kPageBytes, PROT_NONE) != 0) {
        fatal("no guard page for stack %zu of %zu (too many memory mappings?)", i, count);
      }
    }
  }
  // A fiber that has left may leave its outermost frames marked.
  for (size_t i = 0; i < count; ++i) {
    char* end = static_cast<char*>(bottom(i)) + kStackBytes;
    allow_access(end - 2 * kPageBytes, 2 * kPageBytes);
  }
}

void* FiberStacks::bottom(size_t index) const { return base_ + index * kStrideBytes + kPageBytes; }

std::pair<const void*, size_t> FiberStacks::range() const { return {base_, count_ * kStrideBytes}; }

void* FiberStacks::top(size_t index) const {
  // Equal offsets in a page share a cache set: stagger the stacks by an odd number of lines.
  constexpr size_t kStaggerBytes = 5 * 64;
  return static_cast<char*>(bottom(index)) + kStackBytes - index * kStaggerBytes % kPageBytes;
}

}  // namespace packproof::simt::detail
