#include "kernels/simt/async/async_copies.h"

#include <cstring>
#include <memory>

#include "kernels/simt/async/mbarrier_table.h"
#include "kernels/simt/async/pending_operations.h"
#include "kernels/simt/block/block.h"
#include "kernels/simt/block/emulated_access.h"
#include "kernels/simt/block/fatal.h"

namespace packproof::simt::detail {

class AsyncCopies::Arrival final : public PendingOperation {
 public:
  Arrival(AsyncCopies& copies, ThreadCopies& thread, Mbarrier& mbarrier, const SourceSite& site)
      : copies_(copies), thread_(thread), end_(thread.end()), mbarrier_(mbarrier), site_(site) {
    thread_.arrivals.push_back(this);
  }

  bool advance() override {
    copies_.land(thread_, end_, nullptr);
    std::erase(thread_.arrivals, this);
    copies_.mbarriers_.arrive_later(mbarrier_, site_);
    return false;
  }

  bool tracks(uint64_t number) const { return number < end_; }
  Mbarrier& mbarrier() const { return mbarrier_; }

 private:
  AsyncCopies& copies_;
  ThreadCopies& thread_;
  uint64_t end_;
  Mbarrier& mbarrier_;
  SourceSite site_;
};

void AsyncCopies::begin_block(uint32_t thread_count) {
  if (threads_.size() < thread_count) threads_.resize(thread_count);
  if (!used_) return;
  for (ThreadCopies& thread : threads_) {
    thread.copies.clear();
    thread.groups.clear();
    thread.arrivals.clear();
    thread.first = 0;
  }
  used_ = false;
}

void AsyncCopies::end_block() const {
  if (!used_) return;
  for (size_t thread = 0; thread < threads_.size(); ++thread) {
    if (threads_[thread].copies.empty()) continue;
    fail_block(
        threads_[thread].copies.front().site,
        "thread %zu never waits for this cp.async: its cp.async.wait_group is missing, allows "
        "too many pending groups, or comes before the copy is committed",
        thread);
  }
}

AsyncCopies::ThreadCopies& AsyncCopies::own() {
  used_ = true;
  return threads_[block_.running().thread];
}

void AsyncCopies::issue(void* target, const void* source, size_t bytes, size_t source_bytes,
                        const SourceSite& site) {
  if (source_bytes > bytes) {
    fail_thread(site, "cp.async of %zu bytes has a source of %zu; it may have at most as many",
                bytes, source_bytes);
  }
  check_shared(target, bytes, bytes, "cp.async", site);
  check_global(source, source_bytes, bytes, "cp.async", site);
  std::memset(target, kPoisonByte, bytes);
  Copy& copy = own().copies.emplace_back();
  copy.target = static_cast<unsigned char*>(target);
  copy.source = static_cast<const unsigned char*>(source);
  copy.bytes = static_cast<uint8_t>(bytes);
  copy.source_bytes = static_cast<uint8_t>(source_bytes);
  copy.actor = begin_async();
  copy.site = site;
  copy.read_early = block_.draws_at_random() && (block_.random().next() & 1) != 0;
  if (copy.read_early) read(copy);
}

void AsyncCopies::read(Copy& copy) {
  if (copy.source_bytes == 0) return;
  note_async_read(copy.actor, copy.source, copy.source_bytes, Proxy::kGeneric, copy.site);
  std::memcpy(copy.value.data(), copy.source, copy.source_bytes);
}

void AsyncCopies::commit_group() {
  ThreadCopies& thread = own();
  thread.groups.push_back(thread.end());
}

void AsyncCopies::wait_group(uint32_t pending) {
  ThreadCopies& thread = own();
  if (thread.groups.size() <= pending) return;
  const auto kept = thread.groups.end() - static_cast<ptrdiff_t>(pending);
  OrderToken token;
  land(thread, *(kept - 1), &token);
  thread.groups.erase(thread.groups.begin(), kept);
  acquire_from(token);
}

void AsyncCopies::wait_all() {
  ThreadCopies& thread = own();
  OrderToken token;
  land(thread, thread.end(), &token);
  thread.groups.clear();
  acquire_from(token);
}

void AsyncCopies::land(ThreadCopies& thread, uint64_t end, OrderToken* waiter) {
  const size_t count = end > thread.first ? static_cast<size_t>(end - thread.first) : 0;
  // Of two copies to one place the last would hide the first: where they start is drawn.
  const bool draws = block_.draws_at_random() && count > 1;
  const size_t start = draws ? block_.random().next() % count : 0;
  for (size_t i = 0; i < count; ++i) {
    const size_t chosen = (start + i) % count;
    Copy& copy = thread.copies[chosen];
    if (!copy.read_early) read(copy);
    note_async_write(copy.actor, copy.target, copy.bytes, Proxy::kGeneric, copy.site);
    std::memcpy(copy.target, copy.value.data(), copy.bytes);
    if (waiter != nullptr) complete_into(copy.actor, *waiter);
    for (const Arrival* arrival : thread.arrivals) {
      if (arrival->tracks(thread.first + chosen)) {
        complete_into(copy.actor, arrival->mbarrier().arriving);
      }
    }
  }
  thread.copies.erase(thread.copies.begin(), thread.copies.begin() + static_cast<ptrdiff_t>(count));
  thread.first += count;
}

void AsyncCopies::arrive_when_landed(void* mbarrier, const SourceSite& site) {
  Mbarrier& object = mbarriers_.hold(mbarrier, "cp.async.mbarrier.arrive.noinc", site);
  pending_.add(std::make_unique<Arrival>(*this, own(), object, site));
}

}  // namespace packproof::simt::detail
