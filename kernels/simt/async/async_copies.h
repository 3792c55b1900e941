// cp.async of the threads of a block (PTX ISA, "Data Movement and Conversion Instructions:
// Non-bulk copy"). Runtime only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/simt/api/source_site.h"
#include "kernels/simt/block/memory_events.h"

namespace packproof::simt::detail {

class Block;
class MbarrierTable;
class PendingOperations;

class AsyncCopies {
 public:
  AsyncCopies(Block& block, PendingOperations& pending, MbarrierTable& mbarriers)
      : block_(block), pending_(pending), mbarriers_(mbarriers) {}

  void begin_block(uint32_t thread_count);
  // Ends the process when a copy never landed: no one has waited for it.
  void end_block() const;

  // For the running thread. Checks both sides and poisons the target; source_bytes <= bytes, the
  // rest of the target becomes 0.
  void issue(void* target, const void* source, size_t bytes, size_t source_bytes,
             const SourceSite& site);
  void commit_group();
  // Lands all but the `pending` most recent groups.
  void wait_group(uint32_t pending);
  // Lands all, committed or not.
  void wait_all();
  // A pending operation that lands what the thread has issued so far, then arrives at the mbarrier.
  void arrive_when_landed(void* mbarrier, const SourceSite& site);

 private:
  static constexpr size_t kMaxBytes = 16;

  class Arrival;  // of cp.async.mbarrier.arrive.noinc
  struct Copy {
    unsigned char* target;
    const unsigned char* source;
    uint8_t bytes;
    uint8_t source_bytes;
    bool read_early;
    AsyncActor actor;
    SourceSite site;
    std::array<unsigned char, kMaxBytes>
        value{};  // read at the issue or, else, when it lands; then the fill
  };
  // Copies are numbered in the order of issue.
  struct ThreadCopies {
    std::vector<Copy> copies;      // those from `first` on
    uint64_t first = 0;            // all before have landed
    std::vector<uint64_t> groups;  // for each committed and not waited for: the number it ends at
    std::vector<Arrival*> arrivals;
    uint64_t end() const { return first + copies.size(); }
  };

  ThreadCopies& own();
  // All before number `end`, into `waiter` and the mbarriers that track them.
  void land(ThreadCopies& thread, uint64_t end, OrderToken* waiter);
  void read(Copy& copy);

  Block& block_;
  PendingOperations& pending_;
  MbarrierTable& mbarriers_;
  bool used_ = false;
  std::vector<ThreadCopies> threads_;
};

}  // namespace packproof::simt::detail
