#include "kernels/simt/async/bulk_copies.h"

#include <algorithm>
#include <cstring>

#include "kernels/simt/api/source_match.h"
#include "kernels/simt/async/mbarrier_table.h"
#include "kernels/simt/async/pending_operations.h"
#include "kernels/simt/block/block.h"
#include "kernels/simt/block/emulated_access.h"
#include "kernels/simt/block/fatal.h"

namespace packproof::simt::detail {
namespace {

// The shared memory of a copy, piece by piece.
class SharedSide {
 public:
  SharedSide(const void* shared, const TensorBox& box, const BulkRules& rules,
             const SourceSite& site)
      : window_(shared_window_address(shared, rules.instruction, site)),
        base_(static_cast<unsigned char*>(const_cast<void*>(shared)) - window_),
        swizzle_bytes_(box.swizzle_bytes()) {}

  unsigned char* at(uint32_t box_offset) const {
    return base_ + swizzled_address(window_ + box_offset, swizzle_bytes_);
  }

 private:
  uint32_t window_;
  unsigned char* base_;
  uint32_t swizzle_bytes_;
};

void check_sides(const void* shared, const TensorBox& box, const BulkRules& rules,
                 const SourceSite& site) {
  check_shared(shared, box.bytes(), rules.shared_alignment, rules.instruction, site);
  box.for_each_piece([&](const TensorPiece& piece) {
    if (piece.global != nullptr)
      check_global(piece.global, piece.bytes, 1, rules.instruction, site);
  });
}

}  // namespace

class BulkCopies::Load final : public PendingOperation {
 public:
  Load(BulkCopies& copies, const SharedSide& shared, const TensorBox& box, Mbarrier& mbarrier,
       const SourceSite& site)
      : copies_(copies), shared_(shared), box_(box), mbarrier_(mbarrier), site_(site) {}

  bool advance() override {
    box_.for_each_piece([this](const TensorPiece& piece) {
      unsigned char* const target = shared_.at(piece.box_offset);
      note_async_write(actor_, target, piece.bytes, Proxy::kAsync, site_);
      if (piece.global == nullptr) {
        std::memset(target, 0, piece.bytes);
        return;
      }
      note_async_read(actor_, piece.global, piece.bytes, Proxy::kAsync, site_);
      std::memcpy(target, piece.global, piece.bytes);
    });
    complete_into(actor_, mbarrier_.arriving);
    std::vector<SourceSite>& pending = copies_.pending_loads_;
    pending.erase(std::find_if(pending.begin(), pending.end(), [this](const SourceSite& site) {
      return is_same_line(site, site_);
    }));
    copies_.mbarriers_.complete_bytes_later(mbarrier_, static_cast<uint32_t>(box_.bytes()), site_);
    return false;
  }

 private:
  BulkCopies& copies_;
  SharedSide shared_;
  TensorBox box_;
  Mbarrier& mbarrier_;
  SourceSite site_;
  AsyncActor actor_ = begin_async();
};

// Two steps, since the source may be used again before the target is written.
class BulkCopies::Store final : public PendingOperation {
 public:
  Store(Block& block, const SharedSide& shared, const TensorBox& box, Group& group,
        WaitQueue& waiters, const SourceSite& site)
      : block_(block), shared_(shared), box_(box), group_(group), waiters_(waiters), site_(site) {
    ++group_.unread;
    ++group_.unwritten;
    group_.site = site;
  }

  bool advance() override {
    const bool reads = value_.empty();
    reads ? read() : write();
    if ((reads ? group_.unread : group_.unwritten) == 0) block_.wake_all(waiters_);
    return reads;
  }

 private:
  void read() {
    value_.resize(box_.bytes());
    box_.for_each_piece([this](const TensorPiece& piece) {
      if (piece.global == nullptr) return;
      const unsigned char* const source = shared_.at(piece.box_offset);
      note_async_read(reader_, source, piece.bytes, Proxy::kAsync, site_);
      std::memcpy(value_.data() + piece.box_offset, source, piece.bytes);
    });
    complete_into(reader_, group_.read);
    --group_.unread;
  }

  void write() {
    box_.for_each_piece([this](const TensorPiece& piece) {
      if (piece.global == nullptr) return;
      note_async_write(writer_, piece.global, piece.bytes, Proxy::kAsync, site_);
      std::memcpy(piece.global, value_.data() + piece.box_offset, piece.bytes);
    });
    complete_into(writer_, group_.written);
    --group_.unwritten;
  }

  Block& block_;
  SharedSide shared_;
  TensorBox box_;
  Group& group_;
  WaitQueue& waiters_;
  SourceSite site_;
  AsyncActor reader_ = begin_async();
  AsyncActor writer_ = begin_async();
  std::vector<unsigned char> value_;
};

void BulkCopies::begin_block(uint32_t thread_count) {
  if (threads_.size() < thread_count) threads_.resize(thread_count);
  if (!used_) return;
  for (ThreadGroups& thread : threads_) {
    thread.open.reset();
    thread.committed.clear();
  }
  used_ = false;
}

void BulkCopies::end_block() const {
  if (!used_) return;
  if (!pending_loads_.empty()) {
    fail_block(pending_loads_.front(),
               "this bulk copy is still pending when the block ends: no thread waits for the phase "
               "of its mbarrier that it completes");
  }
  for (size_t thread = 0; thread < threads_.size(); ++thread) {
    if (threads_[thread].open) {
      fail_block(threads_[thread].open->site,
                 "thread %zu never commits this bulk copy from shared memory, and so cannot wait "
                 "for it",
                 thread);
    }
    for (const auto& group : threads_[thread].committed) {
      if (group->waited_for || group->site.line == 0) continue;
      fail_block(group->site,
                 "thread %zu never waits for this bulk copy from shared memory, which is gone when "
                 "the block ends: its cp.async.bulk.wait_group is missing or allows too many "
                 "pending groups",
                 thread);
    }
  }
}

BulkCopies::ThreadGroups& BulkCopies::own() {
  used_ = true;
  return threads_[block_.running().thread];
}

void BulkCopies::load(void* shared, const TensorBox& box, void* mbarrier, const BulkRules& rules,
                      const SourceSite& site) {
  own();
  check_sides(shared, box, rules, site);
  Mbarrier& object = mbarriers_.hold(mbarrier, rules.instruction, site);
  if (!object.is_fenced) {
    fail_thread(site,
                "%s names the mbarrier initialised at %s:%d by thread %u, which has not fenced it "
                "since: fence.mbarrier_init or fence.proxy.async must follow mbarrier.init",
                rules.instruction, object.site.file, object.site.line, object.initialised_by);
  }
  std::memset(shared, kPoisonByte, box.bytes());
  pending_loads_.push_back(site);
  pending_.add(
      std::make_unique<Load>(*this, SharedSide(shared, box, rules, site), box, object, site));
}

void BulkCopies::store(const void* shared, const TensorBox& box, const BulkRules& rules,
                       const SourceSite& site) {
  ThreadGroups& thread = own();
  check_sides(shared, box, rules, site);
  if (!thread.open) thread.open = std::make_unique<Group>();
  pending_.add(std::make_unique<Store>(block_, SharedSide(shared, box, rules, site), box,
                                       *thread.open, thread.waiters, site));
}

void BulkCopies::commit_group() {
  ThreadGroups& thread = own();
  if (!thread.open) thread.open = std::make_unique<Group>();
  thread.committed.push_back(std::move(thread.open));
}

std::string BulkCopies::describe(const void* object) {
  const Group& group = *static_cast<const Group*>(object);
  return std::to_string(group.unwritten) + " copies of the group are pending";
}

void BulkCopies::wait_group(uint32_t pending, Until until, const SourceSite& site) {
  ThreadGroups& thread = own();
  const size_t count = thread.committed.size();
  for (size_t i = 0; i + pending < count; ++i) {
    Group& group = *thread.committed[i];
    const bool only_read = until == Until::kRead;
    while ((only_read ? group.unread : group.unwritten) != 0) {
      block_.wait_in(thread.waiters, {"cp.async.bulk.wait_group", site, describe, &group});
    }
    group.waited_for = true;
    acquire_from(group.read);
    if (!only_read) acquire_from(group.written);
  }
}

}  // namespace packproof::simt::detail
