// Memory for one tensor with canaries on both sides, shared with a forked child.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace packproof::memory {

class SharedPages;

// A write outside the data, found by its broken canary.
struct Overrun {
  enum class Side : std::uint8_t { before, after };
  Side side = Side::after;
  // Of the broken canary bytes, counted away from the data: 0 is the byte beside it.
  std::size_t nearest = 0, farthest = 0;

  std::string describe() const;  // "wrote 6 bytes past the end"
};

// [no access | guard | data | guard | no access], mapped shared, so that a parent sees what its
// child wrote even when the child dies. The data starts at a multiple of 256 bytes and ends exactly
// where the guard behind it begins; padding for alignment is part of the guard before it.
class GuardedBuffer {
 public:
  static constexpr std::size_t kAlignment = 256;
  static constexpr std::size_t kGuardBytes = 4096;  // the least on each side
  // By address, so that an aligned read of any width gives a NaN in bf16, fp16, fp32 and fp64; not
  // the poison, so that a copy of an unwritten output over a guard is seen as well.
  static constexpr std::uint16_t kCanary16 = 0xFFF5;

  // Whether the kernel must promise all of the memory at once, or need only find what is touched.
  enum class Reserve : std::uint8_t { all, touched };

  // Zeroed data. Throws std::system_error where the memory, or the address space, cannot be had.
  explicit GuardedBuffer(std::size_t bytes, Reserve reserve = Reserve::all);
  // The next piece of `pages`: zeroed data, or all that another process put there, guards too.
  GuardedBuffer(std::size_t bytes, SharedPages& pages);
  ~GuardedBuffer();
  GuardedBuffer(GuardedBuffer&& other) noexcept;
  GuardedBuffer& operator=(GuardedBuffer&& other) noexcept;
  GuardedBuffer(const GuardedBuffer&) = delete;
  GuardedBuffer& operator=(const GuardedBuffer&) = delete;

  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  // The guards and the data between them, without the pages that give no access: a copy of these
  // bytes to memory of the same alignment and back carries overruns along.
  std::byte* region() const { return reinterpret_cast<std::byte*>(front_); }
  std::size_t region_bytes() const { return static_cast<std::size_t>(end_ - front_); }

  // The first overrun: of the side before the data, else of the side behind it. Works shielded too.
  std::optional<Overrun> check() const;
  void restore_canaries();
  std::uint64_t hash() const;  // content_hash() of the data

  // Under ASan: any access to the guards is reported with a stack, reads too. No-ops elsewhere.
  void shield();
  void unshield();

 private:
  // Where a buffer of so many bytes lies in its mapping, once there is one.
  void take(void* mapping, std::size_t mapping_bytes);
  void swap(GuardedBuffer& other) noexcept;

  unsigned char* mapping_ = nullptr;
  std::size_t mapping_bytes_ = 0;
  unsigned char *front_ = nullptr, *data_ = nullptr, *back_ = nullptr, *end_ = nullptr;
  std::size_t bytes_ = 0;
  bool shielded_ = false;
};

}  // namespace packproof::memory
