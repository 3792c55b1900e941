// A process that this one started, until it has been waited for.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "harness/process/owned_fd.h"

namespace packproof::harness {

class RunningProcess {
 public:
  RunningProcess() = default;
  // Of a child of this process. Throws std::system_error where it cannot be watched; it is killed.
  explicit RunningProcess(pid_t pid);
  ~RunningProcess();  // kills it, and its group, if it still runs
  RunningProcess(RunningProcess&& other) noexcept;
  RunningProcess& operator=(RunningProcess&& other) noexcept;

  bool is_mine() const { return pid_ > 0; }  // neither moved from nor waited for
  // Readable once it has ended.
  int watched() const { return watched_.get(); }
  // Waits at most so long.
  bool ends_within(std::chrono::milliseconds time) const;
  // Kills it and the group that it leads, which may hold others when it has ended itself.
  void kill() const;
  // Waits for its end; the status is as waitpid gives it. Once.
  int wait();

 private:
  void end();

  pid_t pid_ = -1;
  OwnedFd watched_;  // a pidfd
};

// What a program gets instead of this one's; -1: the same.
struct Streams {
  int in = -1;
  int out = -1;
  int errors = -1;
};

// Starts a program, found on PATH. Throws std::system_error where it cannot be started.
RunningProcess spawn(const std::vector<std::string>& command, const Streams& streams);

// Waits until one of the descriptors can be read or is at its end (negative ones are left out), at
// most until then.
void wait_for_any(const std::vector<int>& descriptors, std::chrono::steady_clock::time_point until);

// Whether it can be read, or is at its end, now.
bool can_be_read(int descriptor);

// "SIGSEGV (Segmentation fault)", "exit code 3".
std::string describe_status(int status);

}  // namespace packproof::harness
