// What a block has in flight: asynchronous copies and matrix products, the mbarriers and named
// barriers that their users meet at. One for each scheduler, empty at the start of each block.
// Runtime only.
//
// An operation takes effect as late as its rules allow: what only the issuing thread or warp can
// wait for (cp.async, wgmma) at that wait; the rest (bulk and tensor copies) when no thread can
// run, or, in a random schedule, at any switch between threads. Until then its target holds 0xff
// bytes.
#pragma once

#include <cstdint>
#include <map>

#include "kernels/simt/async/async_copies.h"
#include "kernels/simt/async/bulk_copies.h"
#include "kernels/simt/async/mbarrier_table.h"
#include "kernels/simt/async/named_barriers.h"
#include "kernels/simt/async/pending_operations.h"
#include "kernels/simt/block/runtime_scope.h"
#include "kernels/simt/matrix/warpgroup_products.h"
#include "kernels/simt/matrix/warpgroup_registers.h"

namespace packproof::simt::detail {

class Block;

class AsyncEngine {
 public:
  explicit AsyncEngine(Block& block);

  void begin_block(uint32_t thread_count);
  // Ends the process when the block has left something unfinished.
  void end_block();
  void lane_has_exited(uint32_t warp) { named_barriers.lane_has_exited(warp); }

  // The lane from which elect.sync looks for one, the same for a mask throughout the block.
  uint32_t elect_start(uint32_t mask);

  PendingOperations pending;
  MbarrierTable mbarriers;
  AsyncCopies copies;
  BulkCopies bulk_copies;
  NamedBarriers named_barriers;
  WarpgroupProducts warpgroup_products;
  WarpgroupRegisters warpgroup_registers;

 private:
  Block& block_;
  std::map<uint32_t, uint32_t> elect_starts_;  // by mask
};

// A call of the running thread into the engine of its block. Ends the process outside a kernel.
class AsyncCall {
 public:
  AsyncCall(const char* instruction, const SourceSite& site);
  AsyncEngine* operator->() const { return engine_; }

 private:
  RuntimeScope scope_;
  AsyncEngine* engine_;
};

}  // namespace packproof::simt::detail
