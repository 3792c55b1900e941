// What the race detector remembers of each 4 bytes of memory. Runtime only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "kernels/simt/race/access_site.h"
#include "kernels/simt/race/knowledge.h"

namespace packproof::simt::detail {

enum class AccessKind : uint8_t { kRead, kWrite, kAtomicRead, kAtomicWrite };

// An access by some lanes of a warp at one clock, or by an asynchronous operation.
struct Access {
  Clock clock = 0;
  uint32_t lanes = 0;
  AccessSite site;
  uint16_t actor = 0;  // as in Actor::id
  uint8_t bytes = 0;   // of the cell; a set bit is a byte; 0: there is no access
  AccessKind kind : 2 = AccessKind::kRead;
  bool by_async_proxy : 1 = false;

  bool is_same_but_for_lanes(const Access& other) const {
    return clock == other.clock && site == other.site && actor == other.actor &&
           bytes == other.bytes && kind == other.kind && by_async_proxy == other.by_async_proxy;
  }
};
static_assert(sizeof(Access) == 16);

constexpr size_t kCellBytes = 4;

// Nothing that could still take part in a race is dropped, however many readers there are: the
// last plain write and read are here, all else is in the spill.
struct Cell {
  Access write;
  Access read;
  uint32_t spill = 0;  // number of its Spill, from 1; 0: none
  bool has_spilt_reads = false;
  bool has_spilt_others = false;  // writes or atomics
};

struct Spill {
  std::vector<Access> writes;
  std::vector<Access> reads;
  std::vector<Access> atomics;
};

class ShadowMemory {
 public:
  ShadowMemory() = default;
  ~ShadowMemory();
  ShadowMemory(const ShadowMemory&) = delete;
  ShadowMemory& operator=(const ShadowMemory&) = delete;

  // Forgets all and gives back its memory.
  void clear();

  // Of the shared memory at [begin, begin + bytes): one block after another.
  void cover_shared(const void* begin, size_t bytes);
  bool is_shared(uintptr_t address) const { return address - shared_begin_ < shared_bytes_; }
  Cell& shared_cell(uintptr_t address) {
    return shared_cells_[(address - shared_begin_) / kCellBytes];
  }
  Cell& global_cell(uintptr_t address) {
    const uintptr_t page = address / kPageBytes;
    const CachedPage& cached = cache_[page % kCachedPages];
    Cell* cells = cached.page == page ? cached.cells : find_page(page);
    return cells[address % kPageBytes / kCellBytes];
  }

  Spill& spill_of(Cell& cell) { return cell.spill != 0 ? *spills_[cell.spill - 1] : spill(cell); }

 private:
  static constexpr size_t kPageBytes = 4096;
  static constexpr size_t kCachedPages = 256;
  struct CachedPage {
    uintptr_t page = 0;  // no memory is at address 0
    Cell* cells = nullptr;
  };

  Cell* find_page(uintptr_t page);
  Spill& spill(Cell& cell);

  uintptr_t shared_begin_ = 0;
  size_t shared_bytes_ = 0;
  Cell* shared_cells_ = nullptr;
  std::array<CachedPage, kCachedPages> cache_;
  std::unordered_map<uintptr_t, std::unique_ptr<Cell[]>> pages_;
  std::vector<std::unique_ptr<Spill>> spills_;
};

}  // namespace packproof::simt::detail
