#include "kernels/simt/race/knowledge.h"

#include <algorithm>

namespace packproof::simt::detail {
namespace {

constexpr uint32_t kSeveralThreads = ~uint32_t{0};

using AsyncEntry = std::pair<uint32_t, Clock>;

bool is_before_slot(const AsyncEntry& entry, uint32_t slot) { return entry.first < slot; }
bool is_before_run(const Knowledge::Block& block, uint32_t run) { return block.run < run; }

}  // namespace

bool Knowledge::covers_async(uint32_t slot, Clock clock) const {
  const auto at = std::lower_bound(async_.begin(), async_.end(), slot, is_before_slot);
  return at != async_.end() && at->first == slot && at->second >= clock;
}

const Publication* Knowledge::of_block(uint32_t run) const {
  const auto at = std::lower_bound(blocks_.begin(), blocks_.end(), run, is_before_run);
  return at != blocks_.end() && at->run == run ? at->known.get() : nullptr;
}

void Knowledge::widen(uint32_t begin, uint32_t end) {
  if (threads_.size() < end) threads_.resize(end);
  if (begin_ == end_) {
    begin_ = begin;
    end_ = end;
  } else {
    begin_ = std::min(begin_, begin);
    end_ = std::max(end_, end);
  }
}

void Knowledge::learn_thread(uint32_t thread, Clock clock) {
  widen(thread, thread + 1);
  threads_[thread] = std::max(threads_[thread], clock);
}

void Knowledge::learn_async(uint32_t slot, Clock clock) {
  const auto at = std::lower_bound(async_.begin(), async_.end(), slot, is_before_slot);
  if (at == async_.end() || at->first != slot) {
    async_.insert(at, {slot, clock});
  } else {
    at->second = std::max(at->second, clock);
  }
}

void Knowledge::learn_block(uint32_t run, std::shared_ptr<const Publication> known) {
  const auto at = std::lower_bound(blocks_.begin(), blocks_.end(), run, is_before_run);
  if (at == blocks_.end() || at->run != run) {
    blocks_.insert(at, {run, std::move(known)});
  } else if (at->known == known) {
    return;
  } else if (at->known->thread == known->thread && known->thread != kSeveralThreads) {
    if (at->known->clock < known->clock) at->known = std::move(known);
  } else {
    auto both = std::make_shared<Publication>(*at->known);
    both->thread = kSeveralThreads;
    both->seen.join(known->seen);
    both->fenced.join(known->fenced);
    at->known = std::move(both);
  }
}

void Knowledge::join(const Knowledge& other) {
  learn_all_threads(other.floor_);
  if (other.begin_ != other.end_) {
    widen(other.begin_, other.end_);
    for (uint32_t i = other.begin_; i < other.end_; ++i) {
      threads_[i] = std::max(threads_[i], other.threads_[i]);
    }
  }
  join_beyond_threads(other);
}

void Knowledge::join_beyond_threads(const Knowledge& other) {
  if (async_.empty()) {
    async_ = other.async_;
  } else {
    for (const auto& [slot, clock] : other.async_) learn_async(slot, clock);
  }
  if (blocks_.empty()) {
    blocks_ = other.blocks_;
  } else {
    for (const Block& block : other.blocks_) learn_block(block.run, block.known);
  }
}

void Knowledge::clear() {
  floor_ = 0;
  std::fill(threads_.begin() + begin_, threads_.begin() + end_, Clock{0});
  begin_ = end_ = 0;
  async_.clear();
  blocks_.clear();
}

}  // namespace packproof::simt::detail
