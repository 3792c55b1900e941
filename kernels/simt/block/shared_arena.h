// The shared memory of the block that a worker runs. Runtime only.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

// What a block may have on sm_90, in bytes.
constexpr size_t kMaxSharedBytes = 227 * 1024;
constexpr size_t kMaxStaticSharedBytes = 48 * 1024;

constexpr int kPoisonByte = 0xff;

// Memory given out holds 0xff bytes (NaN in every float format) until the kernel writes it.
// Around each piece lies a guard: unreadable under AddressSanitizer, otherwise a pattern that
// damaged() checks.
class SharedArena {
 public:
  // The rest, beyond what a block may have, is guards.
  static constexpr size_t kBytes = 512 * 1024;

  struct Piece {
    unsigned char* begin;
    size_t bytes;
    const char* name;
    SourceSite site;
  };

  SharedArena();
  ~SharedArena();
  SharedArena(const SharedArena&) = delete;
  SharedArena& operator=(const SharedArena&) = delete;

  // Takes back all pieces of the block before and places the dynamic one.
  void begin_block(size_t dynamic_bytes);

  // Ends the process when the block has more than a device allows. The piece is aligned as asked
  // and, for 16 bytes and more, no better: luck must not hide an underaligned vector access.
  void* allocate_static(size_t bytes, size_t alignment, const char* name, const SourceSite& site);

  unsigned char* dynamic() const;
  const unsigned char* base() const { return base_; }

  // From the arena's base, aligned to 64 KiB; -1 outside the arena.
  ptrdiff_t offset_of(const void* address) const;
  unsigned char* at_offset(size_t offset) const { return base_ + offset; }

  // The piece that holds this byte, or null.
  const Piece* piece_at(const void* address) const;

  // A piece with a write just before or past it, or null. Always null under AddressSanitizer,
  // which stops at the access itself.
  const Piece* damaged() const;

 private:
  void place(size_t offset, size_t bytes, const char* name, const SourceSite& site);

  unsigned char* base_;
  size_t used_bytes_ = 0;    // guards included
  size_t static_bytes_ = 0;  // guards not included
  size_t dynamic_bytes_ = 0;
  std::vector<Piece> pieces_;
};

}  // namespace packproof::simt::detail
