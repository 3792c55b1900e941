// Memory that one process fills and another works on, neither of which is the other's child.
#pragma once

#include <cstddef>

namespace packproof::memory {

// Pages of a file without a name, which processes that are forked later share. They are mapped one
// piece after another, by all in the same order and sizes.
class SharedPages {
 public:
  SharedPages();  // none yet. Throws std::system_error
  ~SharedPages();
  SharedPages(const SharedPages&) = delete;
  SharedPages& operator=(const SharedPages&) = delete;

  // Before the first piece: of zeros, which may take no memory until they are touched; or as the
  // process that began them left them.
  void begin();
  void attach();

  // Whether the next piece holds what another process put there.
  bool attached() const { return attached_; }

  // Maps the next piece, of whole pages; for munmap. MAP_FAILED, with errno, where it cannot be.
  void* map_next(std::size_t bytes);

 private:
  int file_;
  std::size_t mapped_ = 0;
  bool attached_ = false;
};

}  // namespace packproof::memory
