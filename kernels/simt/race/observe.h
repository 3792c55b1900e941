// From the compiler's hooks to the race detector that listens. Runtime only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simt/block/block.h"
#include "kernels/simt/block/runtime_scope.h"
#include "kernels/simt/race/race_detector.h"

namespace packproof::simt::detail {

// The accesses of volatile variables order as relaxed atomics do.
constexpr AtomicOrder volatile_order(AccessKind kind) {
  return {.reads = kind == AccessKind::kAtomicRead, .writes = kind == AccessKind::kAtomicWrite};
}

inline void observe_access(const void* pointer, size_t bytes, AccessKind kind,
                           const void* return_address) {
  RaceDetector* detector = RaceDetector::listening();
  if (detector == nullptr || in_runtime) return;
  const auto address = reinterpret_cast<uintptr_t>(pointer);
  if (detector->is_private(address)) return;
  detector->block().count_access();  // other threads may run, and are heard
  const RaceDetector::Pause pause;
  const bool is_volatile = kind == AccessKind::kAtomicRead || kind == AccessKind::kAtomicWrite;
  if (is_volatile) detector->order_before_atomic(address, volatile_order(kind));
  detector->access(address, bytes, kind, return_address);
  if (is_volatile) detector->order_after_atomic(address, volatile_order(kind));
}

}  // namespace packproof::simt::detail
