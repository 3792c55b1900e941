#include "kernels/simt/block/shared_arena.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "kernels/simt/block/fatal.h"
#include "kernels/simt/block/sanitizer_support.h"

namespace packproof::simt::detail {
namespace {

// An odd multiple of the 1024 that SIMT_DYN_SHARED promises, within a base aligned to more.
constexpr size_t kDynamicOffset = 1024;
constexpr size_t kBaseAlignment = 64 * 1024;
constexpr size_t kGuardBytes = 64;
constexpr unsigned char kGuardPattern = 0xa5;

bool is_intact(const unsigned char* guard) {
  return std::all_of(guard, guard + kGuardBytes,
                     [](unsigned char byte) { return byte == kGuardPattern; });
}

}  // namespace

SharedArena::SharedArena()
    : base_(static_cast<unsigned char*>(std::aligned_alloc(kBaseAlignment, kBytes))) {
  if (base_ == nullptr) fatal("out of memory for the shared memory of a block");
  forbid_access(base_, kBytes);
}

SharedArena::~SharedArena() {
  allow_access(base_, kBytes);
  std::free(base_);
}

void SharedArena::begin_block(size_t dynamic_bytes) {
  forbid_access(base_, used_bytes_);
  pieces_.clear();
  static_bytes_ = 0;
  dynamic_bytes_ = dynamic_bytes;
  place(kDynamicOffset, dynamic_bytes, "dynamic shared memory", {});
}

void* SharedArena::allocate_static(size_t bytes, size_t alignment, const char* name,
                                   const SourceSite& site) {
  static_bytes_ += bytes;
  if (static_bytes_ > kMaxStaticSharedBytes) {
    fatal("%s:%d: static shared memory reaches %zu bytes with '%s'; a block may have %zu",
          site.file, site.line, static_bytes_, name, kMaxStaticSharedBytes);
  }
  if (static_bytes_ + dynamic_bytes_ > kMaxSharedBytes) {
    fatal("%s:%d: shared memory reaches %zu bytes with '%s' (%zu dynamic); a block may have %zu",
          site.file, site.line, static_bytes_ + dynamic_bytes_, name, dynamic_bytes_,
          kMaxSharedBytes);
  }
  const size_t step = std::max<size_t>(alignment, 8);  // AddressSanitizer's smallest unit
  size_t offset = (used_bytes_ + step - 1) / step * step;
  if (offset / step % 2 == 0) offset += step;
  if (offset + bytes + kGuardBytes > kBytes) {
    fatal("%s:%d: too many shared variables in one block, at '%s'", site.file, site.line, name);
  }
  place(offset, bytes, name, site);
  return pieces_.back().begin;
}

unsigned char* SharedArena::dynamic() const { return base_ + kDynamicOffset; }

ptrdiff_t SharedArena::offset_of(const void* address) const {
  const auto distance = reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(base_);
  return distance <= kBytes ? static_cast<ptrdiff_t>(distance) : -1;
}

const SharedArena::Piece* SharedArena::piece_at(const void* address) const {
  const auto* byte = static_cast<const unsigned char*>(address);
  const auto found = std::find_if(pieces_.begin(), pieces_.end(), [byte](const Piece& piece) {
    return byte >= piece.begin && byte < piece.begin + piece.bytes;
  });
  return found == pieces_.end() ? nullptr : &*found;
}

void SharedArena::place(size_t offset, size_t bytes, const char* name, const SourceSite& site) {
  unsigned char* begin = base_ + offset;
  if constexpr (!kAsan) {
    std::memset(begin - kGuardBytes, kGuardPattern, kGuardBytes);
    std::memset(begin + bytes, kGuardPattern, kGuardBytes);
  }
  allow_access(begin, bytes);
  std::memset(begin, kPoisonByte, bytes);
  pieces_.push_back({begin, bytes, name, site});
  used_bytes_ = offset + bytes + kGuardBytes;
}

const SharedArena::Piece* SharedArena::damaged() const {
  if constexpr (kAsan) return nullptr;
  auto is_damaged = [](const Piece& piece) {
    return !is_intact(piece.begin - kGuardBytes) || !is_intact(piece.begin + piece.bytes);
  };
  const auto found = std::find_if(pieces_.begin(), pieces_.end(), is_damaged);
  return found == pieces_.end() ? nullptr : &*found;
}

}  // namespace packproof::simt::detail
