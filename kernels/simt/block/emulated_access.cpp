#include "kernels/simt/block/emulated_access.h"

#include "kernels/simt/api/runtime_calls.h"
#include "kernels/simt/block/block.h"
#include "kernels/simt/block/sanitizer_support.h"

namespace packproof::simt::detail {
namespace {

const SharedArena& arena_for(const char* instruction, const SourceSite& site) {
  Block* block = Block::current();
  if (block == nullptr) fail_thread(site, "%s is called outside a kernel", instruction);
  return block->arena();
}

void check_alignment(const void* address, size_t alignment, const char* instruction,
                     const SourceSite& site) {
  if (reinterpret_cast<uintptr_t>(address) % alignment == 0) return;
  fail_thread(site, "%s of an address that is not a multiple of %zu bytes", instruction, alignment);
}

}  // namespace

uint32_t shared_window_address(const void* address, const char* instruction,
                               const SourceSite& site) {
  const ptrdiff_t offset = arena_for(instruction, site).offset_of(address);
  if (offset < 0) fail_thread(site, "%s of an address outside shared memory", instruction);
  return static_cast<uint32_t>(offset);
}

void* shared_window_pointer(uint32_t address, const char* instruction, const SourceSite& site) {
  return arena_for(instruction, site).at_offset(address);
}

void check_shared(const void* address, size_t bytes, size_t alignment, const char* instruction,
                  const SourceSite& site) {
  const SharedArena& arena = arena_for(instruction, site);
  const ptrdiff_t offset = arena.offset_of(address);
  if (offset < 0) fail_thread(site, "%s of an address outside shared memory", instruction);
  if (const SharedArena::Piece* piece = arena.piece_at(address);
      piece == nullptr || static_cast<size_t>(piece->begin + piece->bytes -
                                              static_cast<const unsigned char*>(address)) < bytes) {
    fail_thread(site, "%s of %zu bytes that reach past the bounds of %s", instruction, bytes,
                piece != nullptr ? piece->name : "every shared variable");
  }
  check_alignment(address, alignment, instruction, site);
}

void check_global(const void* address, size_t bytes, size_t alignment, const char* instruction,
                  const SourceSite& site) {
  if (bytes == 0) return;
  if (first_forbidden(address, bytes) != nullptr) {
    fail_thread(site, "%s of %zu bytes that reach memory which is not the caller's", instruction,
                bytes);
  }
  check_alignment(address, alignment, instruction, site);
}

void refuse_shared(const void* address, const char* instruction, const SourceSite& site) {
  if (arena_for(instruction, site).offset_of(address) < 0) return;
  fail_thread(site, "%s of an address in shared memory; it takes global memory only", instruction);
}

}  // namespace packproof::simt::detail
