// One forked child that computes a text: the mechanism below isolated candidates, workers and
// parallel cases.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "harness/process/captured_output.h"
#include "harness/process/owned_fd.h"
#include "harness/process/running_process.h"

namespace packproof::harness {

struct ChildResult {
  std::string said;    // what `work` returned; empty or torn if the child died first
  std::string output;  // the last 64 KiB that the child wrote to stdout and stderr
  int status = 0;      // as waitpid gives it
  bool timed_out = false;
};

class ChildProcess {
 public:
  // Forks. The child runs `work`, sends its text back, and ends without running destructors of the
  // parent. It leads its own process group and dies with its parent. Throws std::system_error.
  explicit ChildProcess(const std::function<std::string()>& work);
  ChildProcess(ChildProcess&& other) noexcept = default;  // the destructor kills what still runs
  ChildProcess& operator=(ChildProcess&&) = delete;

  // Readable when the child has said something or ended; for poll().
  int pipe() const { return pipe_.get(); }
  // Readable once it has ended.
  int watched() const { return process_.watched(); }

  // Reads what is there without waiting. True once the child has closed its end.
  bool drain();

  // Waits for the end, at most `timeout`; then kills the process group. Call once.
  ChildResult wait(std::chrono::milliseconds timeout);

 private:
  RunningProcess process_;
  OwnedFd pipe_;
  CapturedOutput output_;
  std::string said_;
};

}  // namespace packproof::harness
