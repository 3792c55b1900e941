#include "harness/process/captured_output.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace packproof::harness {
namespace {

constexpr off_t kTail = 64 << 10;

}  // namespace

CapturedOutput::CapturedOutput() : file_(::memfd_create("packproof-output", MFD_CLOEXEC)) {
  if (file_.get() < 0)
    throw std::system_error(errno, std::generic_category(), "memory file for a process's output");
}

std::string CapturedOutput::tail() const {
  const off_t size = ::lseek(fd(), 0, SEEK_END);
  const off_t from = std::max<off_t>(0, size - kTail);
  std::string text(static_cast<std::size_t>(std::max<off_t>(0, size - from)), '\0');
  const ssize_t n = ::pread(fd(), text.data(), text.size(), from);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

void forget_output() {
  std::fflush(nullptr);
  if (::ftruncate(STDOUT_FILENO, 0) == 0) ::lseek(STDOUT_FILENO, 0, SEEK_SET);
}

}  // namespace packproof::harness
