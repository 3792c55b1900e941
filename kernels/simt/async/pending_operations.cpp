#include "kernels/simt/async/pending_operations.h"

#include <utility>

#include "kernels/simt/block/block.h"
#include "kernels/simt/block/runtime_scope.h"

namespace packproof::simt::detail {

void PendingOperations::add(std::unique_ptr<PendingOperation> operation) {
  const bool is_eager = block_.draws_at_random() && (block_.random().next() & 1) != 0;
  pending_.push_back({std::move(operation), is_eager});
}

bool PendingOperations::advance_one() {
  if (pending_.empty()) return false;
  const bool draws = block_.draws_at_random();
  advance(draws ? block_.random().next() % pending_.size() : pending_.size() - 1);
  return true;
}

void PendingOperations::advance_an_eager_one() {
  if (pending_.empty()) return;
  const size_t drawn = block_.random().next() % pending_.size();
  if (pending_[drawn].is_eager) advance(drawn);
}

void PendingOperations::advance(size_t chosen) {
  const RuntimeScope scope;
  if (pending_[chosen].operation->advance()) return;
  pending_.erase(pending_.begin() + static_cast<ptrdiff_t>(chosen));
}

}  // namespace packproof::simt::detail
