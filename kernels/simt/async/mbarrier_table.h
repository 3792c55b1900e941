// The mbarriers of a block (PTX ISA, "Parallel Synchronization and Communication Instructions:
// mbarrier"). Runtime only.
//
// Their state is kept here; the object in shared memory holds a mark, by which an object that was
// never initialised, or was overwritten, is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "kernels/simt/api/source_site.h"
#include "kernels/simt/block/memory_events.h"
#include "kernels/simt/block/thread_wait.h"

namespace packproof::simt::detail {

class Block;

struct Mbarrier {
  void* address;
  uint32_t expected_arrivals;
  uint32_t pending_arrivals;
  int64_t pending_bytes = 0;      // tx-count; below 0 while more have come than were expected
  uint32_t completed_phases = 0;  // its lowest bit is the parity of the current phase
  uint32_t users = 0;             // pending operations that will arrive or complete bytes here
  uint32_t initialised_by;        // thread
  bool is_fenced = false;         // the asynchronous proxy may see it
  SourceSite site;                // of its mbarrier.init
  OrderToken arriving;            // the current phase
  OrderToken completed;           // the phase before
  WaitQueue waiters;
};

class MbarrierTable {
 public:
  explicit MbarrierTable(Block& block) : block_(block) {}

  void begin_block() { table_.clear(); }
  // Ends the process when bytes are missing or too many, or an mbarrier was overwritten.
  void end_block() const;

  // For the running thread; each ends the process on a fault.
  void init(void* address, uint32_t count, const SourceSite& site);
  void invalidate(void* address, const SourceSite& site);
  void arrive(void* address, uint32_t count, const SourceSite& site);
  void expect_bytes(void* address, uint32_t bytes, const SourceSite& site);
  void arrive_expect_bytes(void* address, uint32_t bytes, const SourceSite& site);
  void complete_bytes(void* address, uint32_t bytes, const SourceSite& site);
  bool test_wait(void* address, uint32_t parity, const SourceSite& site);
  bool try_wait(void* address, uint32_t parity, const SourceSite& site);
  void wait(void* address, uint32_t parity, const SourceSite& site);
  // What this thread has initialised becomes visible to the asynchronous proxy; or what any has.
  void fence_own();
  void fence_all();

  // For pending operations: at issue the mbarrier is found and held; later it is released again.
  Mbarrier& hold(void* address, const char* instruction, const SourceSite& site);
  void arrive_later(Mbarrier& mbarrier, const SourceSite& site);
  void complete_bytes_later(Mbarrier& mbarrier, uint32_t bytes, const SourceSite& site);

 private:
  bool test(void* address, uint32_t parity, const char* instruction, const SourceSite& site);
  Mbarrier& find(void* address, const char* instruction, const SourceSite& site);
  void take_arrivals(Mbarrier& mbarrier, uint32_t count, const SourceSite& site);
  void add_expected(Mbarrier& mbarrier, uint32_t bytes, const SourceSite& site);
  void take_bytes(Mbarrier& mbarrier, uint32_t bytes, const SourceSite& site);
  void end_phase_if_complete(Mbarrier& mbarrier);

  Block& block_;
  std::map<void*, Mbarrier> table_;
  uint32_t failed_tests_ = 0;  // since the last change of any mbarrier
};

}  // namespace packproof::simt::detail
