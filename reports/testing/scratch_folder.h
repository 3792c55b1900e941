// A folder of its own for a test, removed with all that is in it, and a pipe to put there.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>

#include "cases/files/temporary_folder.h"

namespace packproof::reports {

class ScratchFolder : public TemporaryFolder {
 public:
  std::ptrdiff_t entries() const {
    return std::distance(std::filesystem::directory_iterator(path()), {});
  }
};

// A pipe with a name, open for reading: stands in for /dev/null and /dev/stdout, which a broken
// program under test could otherwise replace for the whole machine.
class NamedPipe {
 public:
  explicit NamedPipe(const std::string& path) {
    if (::mkfifo(path.c_str(), 0600) == 0)
      reader_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  }
  NamedPipe(const NamedPipe&) = delete;
  NamedPipe& operator=(const NamedPipe&) = delete;
  ~NamedPipe() {
    if (reader_ >= 0) ::close(reader_);
  }

  // What was written since the last call; at most what a pipe holds.
  std::string received() const {
    std::string text(65536, '\0');
    const ssize_t got = ::read(reader_, text.data(), text.size());
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }

 private:
  int reader_ = -1;
};

}  // namespace packproof::reports
