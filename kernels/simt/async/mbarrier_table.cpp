#include "kernels/simt/async/mbarrier_table.h"

#include <cstring>

#include "kernels/simt/block/block.h"
#include "kernels/simt/block/emulated_access.h"
#include "kernels/simt/block/fatal.h"

namespace packproof::simt::detail {
namespace {

constexpr size_t kBytes = 8;
// PTX ISA, "Contents of the mbarrier object".
constexpr uint32_t kMaxCount = (1u << 20) - 1;
// A loop on mbarrier.test_wait that no one will end: as many tests as no healthy kernel makes.
constexpr uint32_t kMaxFailedTests = 1u << 22;

// Differs from one object to the next, so that a copied object is not a valid one.
uint64_t mark_of(const void* address) {
  return reinterpret_cast<uintptr_t>(address) * 0x9e3779b97f4a7c15u ^ 0x6d62617272696572u;
}

bool is_marked(const void* address) {
  uint64_t mark;
  std::memcpy(&mark, address, sizeof(mark));
  return mark == mark_of(address);
}

std::string describe_bytes(int64_t pending) {
  if (pending == 0) return "no bytes outstanding";
  if (pending > 0) return std::to_string(pending) + " expected bytes have not come";
  return std::to_string(-pending) + " bytes have come that were not expected";
}

std::string describe(const void* object) {
  const auto& mbarrier = *static_cast<const Mbarrier*>(object);
  return "in its phase " + std::to_string(mbarrier.completed_phases) + ", " +
         std::to_string(mbarrier.pending_arrivals) + " of " +
         std::to_string(mbarrier.expected_arrivals) + " arrivals are pending and " +
         describe_bytes(mbarrier.pending_bytes) + " (initialised at " + mbarrier.site.file + ":" +
         std::to_string(mbarrier.site.line) + ")";
}

}  // namespace

void MbarrierTable::end_block() const {
  for (const auto& [address, mbarrier] : table_) {
    if (!is_marked(address)) {
      fail_block(mbarrier.site,
                 "the mbarrier initialised here was overwritten before mbarrier.inval");
    }
    if (mbarrier.pending_bytes != 0) {
      fail_block(mbarrier.site, "the block ends, and at the mbarrier initialised here %s",
                 describe_bytes(mbarrier.pending_bytes).c_str());
    }
  }
}

void MbarrierTable::init(void* address, uint32_t count, const SourceSite& site) {
  check_shared(address, kBytes, kBytes, "mbarrier.init", site);
  if (count < 1 || count > kMaxCount) {
    fail_thread(site, "mbarrier.init with a count of %u; it may be 1 to %u", count, kMaxCount);
  }
  note_write(address, kBytes, site);  // other threads may run here, and change the table
  const auto known = table_.find(address);
  if (known != table_.end()) {
    if (is_marked(address)) {
      fail_thread(site,
                  "mbarrier.init of the valid mbarrier initialised at %s:%d; mbarrier.inval it",
                  known->second.site.file, known->second.site.line);
    }
    table_.erase(known);
  }
  const uint64_t mark = mark_of(address);
  std::memcpy(address, &mark, sizeof(mark));
  table_.emplace(address, Mbarrier{.address = address,
                                   .expected_arrivals = count,
                                   .pending_arrivals = count,
                                   .initialised_by = block_.running().thread,
                                   .site = site,
                                   .arriving = {},
                                   .completed = {},
                                   .waiters = {}});
}

void MbarrierTable::invalidate(void* address, const SourceSite& site) {
  note_write(address, kBytes, site);
  const Mbarrier& mbarrier = find(address, "mbarrier.inval", site);
  if (!mbarrier.waiters.threads.empty() || mbarrier.users != 0) {
    fail_thread(site, "mbarrier.inval while %zu threads and %u copies still use the mbarrier",
                mbarrier.waiters.threads.size(), mbarrier.users);
  }
  std::memset(address, kPoisonByte, kBytes);
  table_.erase(address);
}

Mbarrier& MbarrierTable::find(void* address, const char* instruction, const SourceSite& site) {
  check_shared(address, kBytes, kBytes, instruction, site);
  note_atomic(address, kBytes, site);  // other threads may run here, and change the table
  const auto found = table_.find(address);
  if (found == table_.end()) {
    fail_thread(site, "%s of an address where no mbarrier is initialised", instruction);
  }
  if (!is_marked(address)) {
    fail_thread(site, "%s of an mbarrier that was overwritten since its mbarrier.init at %s:%d",
                instruction, found->second.site.file, found->second.site.line);
  }
  return found->second;
}

void MbarrierTable::arrive(void* address, uint32_t count, const SourceSite& site) {
  Mbarrier& mbarrier = find(address, "mbarrier.arrive", site);
  release_into(mbarrier.arriving);
  take_arrivals(mbarrier, count, site);
}

void MbarrierTable::expect_bytes(void* address, uint32_t bytes, const SourceSite& site) {
  Mbarrier& mbarrier = find(address, "mbarrier.expect_tx", site);
  add_expected(mbarrier, bytes, site);
  end_phase_if_complete(mbarrier);
}

void MbarrierTable::arrive_expect_bytes(void* address, uint32_t bytes, const SourceSite& site) {
  Mbarrier& mbarrier = find(address, "mbarrier.arrive.expect_tx", site);
  release_into(mbarrier.arriving);
  add_expected(mbarrier, bytes, site);
  take_arrivals(mbarrier, 1, site);
}

void MbarrierTable::complete_bytes(void* address, uint32_t bytes, const SourceSite& site) {
  take_bytes(find(address, "mbarrier.complete_tx", site), bytes, site);
}

void MbarrierTable::take_arrivals(Mbarrier& mbarrier, uint32_t count, const SourceSite& site) {
  if (count < 1 || count > mbarrier.pending_arrivals) {
    fail_block(site, "%u arrivals at the mbarrier initialised at %s:%d, where %u of %u are pending",
               count, mbarrier.site.file, mbarrier.site.line, mbarrier.pending_arrivals,
               mbarrier.expected_arrivals);
  }
  mbarrier.pending_arrivals -= count;
  end_phase_if_complete(mbarrier);
}

void MbarrierTable::add_expected(Mbarrier& mbarrier, uint32_t bytes, const SourceSite& site) {
  mbarrier.pending_bytes += bytes;
  if (mbarrier.pending_bytes > int64_t{kMaxCount}) {
    fail_block(site,
               "%lld bytes are expected at the mbarrier initialised at %s:%d; it counts to %u",
               static_cast<long long>(mbarrier.pending_bytes), mbarrier.site.file,
               mbarrier.site.line, kMaxCount);
  }
}

void MbarrierTable::take_bytes(Mbarrier& mbarrier, uint32_t bytes, const SourceSite& site) {
  mbarrier.pending_bytes -= bytes;
  if (mbarrier.pending_bytes < -int64_t{kMaxCount}) {
    fail_block(site,
               "%lld bytes more than expected at the mbarrier initialised at %s:%d; it counts "
               "to %u",
               static_cast<long long>(-mbarrier.pending_bytes), mbarrier.site.file,
               mbarrier.site.line, kMaxCount);
  }
  end_phase_if_complete(mbarrier);
}

void MbarrierTable::end_phase_if_complete(Mbarrier& mbarrier) {
  failed_tests_ = 0;
  if (mbarrier.pending_arrivals != 0 || mbarrier.pending_bytes != 0) return;
  mbarrier.pending_arrivals = mbarrier.expected_arrivals;
  ++mbarrier.completed_phases;
  mbarrier.completed = std::move(mbarrier.arriving);
  mbarrier.arriving = {};
  block_.wake_all(mbarrier.waiters);
}

bool MbarrierTable::test(void* address, uint32_t parity, const char* instruction,
                         const SourceSite& site) {
  const Mbarrier& mbarrier = find(address, instruction, site);
  if (parity > 1) fail_thread(site, "%s with parity %u; it may be 0 or 1", instruction, parity);
  if ((mbarrier.completed_phases & 1) != parity) {
    acquire_from(mbarrier.completed);
    return true;
  }
  if (++failed_tests_ > kMaxFailedTests) {
    fail_thread(site, "%s has failed %u times while nothing happened: %s", instruction,
                kMaxFailedTests, describe(&mbarrier).c_str());
  }
  return false;
}

bool MbarrierTable::test_wait(void* address, uint32_t parity, const SourceSite& site) {
  if (test(address, parity, "mbarrier.test_wait", site)) return true;
  block_.yield();
  return false;
}

bool MbarrierTable::try_wait(void* address, uint32_t parity, const SourceSite& site) {
  const char* const instruction = "mbarrier.try_wait";
  if (test(address, parity, instruction, site)) return true;
  // The hardware's time limit may pass at any time.
  if (block_.draws_at_random() && (block_.random().next() & 1) != 0) {
    block_.yield();
    return test(address, parity, instruction, site);
  }
  wait(address, parity, site);
  return true;
}

void MbarrierTable::wait(void* address, uint32_t parity, const SourceSite& site) {
  while (!test(address, parity, "mbarrier.try_wait", site)) {
    Mbarrier& mbarrier = table_.find(address)->second;
    block_.wait_in(mbarrier.waiters, {"mbarrier wait", site, describe, &mbarrier});
  }
}

void MbarrierTable::fence_own() {
  for (auto& [address, mbarrier] : table_) {
    if (mbarrier.initialised_by == block_.running().thread) mbarrier.is_fenced = true;
  }
}

void MbarrierTable::fence_all() {
  for (auto& [address, mbarrier] : table_) mbarrier.is_fenced = true;
}

Mbarrier& MbarrierTable::hold(void* address, const char* instruction, const SourceSite& site) {
  Mbarrier& mbarrier = find(address, instruction, site);
  ++mbarrier.users;
  return mbarrier;
}

void MbarrierTable::arrive_later(Mbarrier& mbarrier, const SourceSite& site) {
  --mbarrier.users;
  take_arrivals(mbarrier, 1, site);
}

void MbarrierTable::complete_bytes_later(Mbarrier& mbarrier, uint32_t bytes,
                                         const SourceSite& site) {
  --mbarrier.users;
  take_bytes(mbarrier, bytes, site);
}

}  // namespace packproof::simt::detail
