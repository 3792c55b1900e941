// Global memory of a broken kernel: between guards, as the rows of a packed tensor lie between
// those of other segments. What is not written is 0xff bytes: NaN in every float format, -1 in
// integers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// `count` elements, aligned to 1024 bytes, after and before as many bytes of guards.
template <class T>
class GuardedMemory {
 public:
  explicit GuardedMemory(size_t count)
      : bytes_(count * sizeof(T)), memory_(bytes_ + 3 * kGuardBytes, kUnwritten) {
    const auto base = reinterpret_cast<uintptr_t>(memory_.data());
    first_ = memory_.data() + (kGuardBytes - base % kGuardBytes) % kGuardBytes + kGuardBytes;
  }
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  T* data() { return reinterpret_cast<T*>(first_); }
  T& operator[](int i) { return data()[i]; }

  bool is_intact() const {
    const auto is_unwritten = [](unsigned char byte) { return byte == kUnwritten; };
    const unsigned char* memory = memory_.data();
    const unsigned char* first = first_;
    return std::all_of(memory, first, is_unwritten) &&
           std::all_of(first + bytes_, memory + memory_.size(), is_unwritten);
  }

 private:
  static constexpr size_t kGuardBytes = 1024;
  static constexpr unsigned char kUnwritten = 0xff;

  size_t bytes_;
  std::vector<unsigned char> memory_;
  unsigned char* first_;
};

}  // namespace packproof::PACKPROOF_KERNELS
