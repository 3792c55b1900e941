// cp.async.bulk and cp.async.bulk.tensor of a block (PTX ISA, "Data Movement and Conversion
// Instructions: Bulk copy" and "Tensor copy"). Runtime only.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/simt/api/source_site.h"
#include "kernels/simt/api/tensor_box.h"
#include "kernels/simt/block/memory_events.h"
#include "kernels/simt/block/thread_wait.h"

namespace packproof::simt::detail {

class Block;
class MbarrierTable;
class PendingOperations;
struct Mbarrier;

// What a copy is, for checks and messages.
struct BulkRules {
  const char* instruction;
  size_t shared_alignment;
};

class BulkCopies {
 public:
  enum class Until { kRead, kWritten };

  BulkCopies(Block& block, PendingOperations& pending, MbarrierTable& mbarriers)
      : block_(block), pending_(pending), mbarriers_(mbarriers) {}

  void begin_block(uint32_t thread_count);
  // Ends the process when a load is still pending, or stores have no wait.
  void end_block() const;

  // For the running thread. A load poisons its target, and completes its bytes at the mbarrier. A
  // store belongs to the thread's current group.
  void load(void* shared, const TensorBox& box, void* mbarrier, const BulkRules& rules,
            const SourceSite& site);
  void store(const void* shared, const TensorBox& box, const BulkRules& rules,
             const SourceSite& site);
  void commit_group();
  // Until at most `pending` groups have not been read from shared memory, or written to global.
  void wait_group(uint32_t pending, Until until, const SourceSite& site);

 private:
  class Load;
  class Store;
  struct Group {
    uint32_t unread = 0;
    uint32_t unwritten = 0;
    bool waited_for = false;
    SourceSite site;  // of its last store
    OrderToken read;
    OrderToken written;
  };
  struct ThreadGroups {
    std::unique_ptr<Group> open;
    std::vector<std::unique_ptr<Group>> committed;
    WaitQueue waiters;
  };

  ThreadGroups& own();
  static std::string describe(const void* group);

  Block& block_;
  PendingOperations& pending_;
  MbarrierTable& mbarriers_;
  bool used_ = false;
  std::vector<SourceSite> pending_loads_;
  std::vector<ThreadGroups> threads_;
};

}  // namespace packproof::simt::detail
