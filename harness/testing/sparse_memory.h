// For tests of offsets beyond 31 and 32 bits: much memory, of which little is touched.
#pragma once

#include <sys/mman.h>

#include <cstddef>

namespace packproof::harness {

// A mapping of zeros that takes memory only where it is written.
class SparseMemory {
 public:
  explicit SparseMemory(std::size_t bytes) : bytes_(bytes) {
    void* mapping = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping != MAP_FAILED) data_ = mapping;
  }
  ~SparseMemory() {
    if (data_) munmap(data_, bytes_);
  }
  SparseMemory(const SparseMemory&) = delete;
  SparseMemory& operator=(const SparseMemory&) = delete;

  // Null: not to be had.
  template <class T>
  T* as() const {
    return static_cast<T*>(data_);
  }

 private:
  std::size_t bytes_;
  void* data_ = nullptr;
};

}  // namespace packproof::harness
