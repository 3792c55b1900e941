#include "harness/memory/shared_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace packproof::memory {

SharedPages::SharedPages() : file_(::memfd_create("packproof-tensors", MFD_CLOEXEC)) {
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), "memory to share");
}

SharedPages::~SharedPages() { ::close(file_); }

void SharedPages::begin() {
  mapped_ = 0;
  attached_ = false;
  if (::ftruncate(file_, 0) != 0)
    throw std::system_error(errno, std::generic_category(), "giving shared memory back");
}

void SharedPages::attach() {
  mapped_ = 0;
  attached_ = true;
}

void* SharedPages::map_next(std::size_t bytes) {
  const std::size_t at = mapped_;
  mapped_ += bytes;
  if (!attached_ && ::ftruncate(file_, static_cast<off_t>(mapped_)) != 0) return MAP_FAILED;
  return ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_, static_cast<off_t>(at));
}

}  // namespace packproof::memory
