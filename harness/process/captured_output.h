// What a process writes to stdout and stderr, for whoever starts it.
#pragma once

#include <string>

#include "harness/process/owned_fd.h"

namespace packproof::harness {

// A file without a name.
class CapturedOutput {
 public:
  CapturedOutput();  // throws std::system_error

  int fd() const { return file_.get(); }
  // The last 64 KiB: a process may write without end.
  std::string tail() const;

 private:
  OwnedFd file_;
};

// In a process whose stdout and stderr are captured: forgets what it has written so far.
void forget_output();

}  // namespace packproof::harness
