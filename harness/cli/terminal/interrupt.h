// ^C and its like, so that a run can end in order.
#pragma once

#include "harness/cli/terminal/exit_code.h"

namespace packproof::harness {

// While it lives, the first SIGINT, SIGTERM or SIGHUP is only noted; a second one of the kind ends
// the process. One that is ignored (nohup) stays so. One at a time.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  // The signal that came, or 0.
  int signal() const;
};

// Ends the process with the code; for a signal's by that signal itself, so that a shell's loop ends
// with it.
[[noreturn]] void end_process(int code);

}  // namespace packproof::harness
