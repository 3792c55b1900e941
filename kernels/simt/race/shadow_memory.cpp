#include "kernels/simt/race/shadow_memory.h"

#include <sys/mman.h>

#include "kernels/simt/block/fatal.h"

namespace packproof::simt::detail {

ShadowMemory::~ShadowMemory() { clear(); }

void ShadowMemory::clear() {
  cache_.fill({});
  pages_.clear();
  spills_.clear();
  if (shared_cells_ != nullptr) munmap(shared_cells_, shared_bytes_ / kCellBytes * sizeof(Cell));
  shared_cells_ = nullptr;
  shared_begin_ = 0;
  shared_bytes_ = 0;
}

void ShadowMemory::cover_shared(const void* begin, size_t bytes) {
  // Pages are committed on first touch, and begin as zeros: empty cells.
  void* cells = mmap(nullptr, bytes / kCellBytes * sizeof(Cell), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (cells == MAP_FAILED) fatal("no memory for the race detector");
  shared_cells_ = static_cast<Cell*>(cells);
  shared_begin_ = reinterpret_cast<uintptr_t>(begin);
  shared_bytes_ = bytes;
}

Cell* ShadowMemory::find_page(uintptr_t page) {
  std::unique_ptr<Cell[]>& cells = pages_[page];
  if (!cells) cells = std::make_unique<Cell[]>(kPageBytes / kCellBytes);
  cache_[page % kCachedPages] = {page, cells.get()};
  return cells.get();
}

Spill& ShadowMemory::spill(Cell& cell) {
  spills_.push_back(std::make_unique<Spill>());
  cell.spill = static_cast<uint32_t>(spills_.size());
  return *spills_.back();
}

}  // namespace packproof::simt::detail
