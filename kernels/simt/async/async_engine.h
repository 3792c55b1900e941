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
#include <memory>
#include <vector>

#include "kernels/simt/async/async_copies.h"
#include "kernels/simt/async/bulk_copies.h"
#include "kernels/simt/async/mbarrier_table.h"
#include "kernels/simt/async/named_barriers.h"
#include "kernels/simt/matrix/warpgroup_products.h"
#include "kernels/simt/matrix/warpgroup_registers.h"
#include "kernels/simt/runtime/runtime_scope.h"

namespace packproof::simt::detail {

class BlockScheduler;

// An operation that completes by itself, in one or more steps.
class PendingOperation {
 public:
  virtual ~PendingOperation() = default;
  // Takes the next step; false when it was the last. Runs while any thread, or none, is running.
  virtual bool advance() = 0;
};

class AsyncEngine {
 public:
  explicit AsyncEngine(BlockScheduler& scheduler);

  void begin_block(uint32_t thread_count);
  // Ends the process when the block has left something unfinished.
  void end_block();
  void lane_has_exited(uint32_t warp) { named_barriers.lane_has_exited(warp); }

  void add(std::unique_ptr<PendingOperation> operation);
  // One step of one pending operation: of the last issued, or of one drawn. False without any.
  bool advance_one();
  // The same at a switch in a random schedule: not of those that wait until no thread can run.
  void advance_an_eager_one();

  // The lane from which elect.sync looks for one, the same for a mask throughout the block.
  uint32_t elect_start(uint32_t mask);

  AsyncCopies copies;
  BulkCopies bulk_copies;
  MbarrierTable mbarriers;
  NamedBarriers named_barriers;
  WarpgroupProducts warpgroup_products;
  WarpgroupRegisters warpgroup_registers;

 private:
  struct Pending {
    std::unique_ptr<PendingOperation> operation;
    bool is_eager;
  };
  void advance(size_t chosen);

  BlockScheduler& scheduler_;
  std::vector<Pending> pending_;
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
