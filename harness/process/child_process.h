// One forked child that computes a text: the mechanism below isolated candidates and parallel
// cases.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>

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
  ~ChildProcess();  // kills what still runs
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;

  // Readable when the child has said something or ended; for poll().
  int pipe() const { return pipe_; }

  // Reads what is there without waiting. True once the child has closed its end.
  bool drain();

  // Waits for the end, at most `timeout`; then kills the process group. Call once.
  ChildResult wait(std::chrono::milliseconds timeout);

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  int output_ = -1;  // an unlinked file that holds the child's stdout and stderr
  std::string said_;
};

// "SIGSEGV (Segmentation fault)", "exit code 3".
std::string describe_status(int status);

}  // namespace packproof::harness
