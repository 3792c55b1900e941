#include "harness/process/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace packproof::harness {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void write_all(int fd, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;  // the parent is gone
    done += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void be_the_child(const std::function<std::string()>& work, pid_t parent, int pipe,
                               int output) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // it died before prctl
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) std::signal(signal, SIG_DFL);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  write_all(pipe, work());
  std::fflush(nullptr);
  ::_exit(0);
}

}  // namespace

ChildProcess::ChildProcess(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("pipe for a child process");
  pipe_ = OwnedFd(ends[0]);
  OwnedFd written(ends[1]);
  std::fflush(nullptr);  // or the child would write the parent's buffered text again
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    pipe_.close();
    be_the_child(work, parent, written.get(), output_.fd());
  }
  ::setpgid(pid, pid);  // whoever comes first: so that a kill of the group always finds it
  process_ = RunningProcess(pid);
}

bool ChildProcess::drain() {
  char buffer[1 << 16];
  for (;;) {
    if (!can_be_read(pipe())) return false;
    const ssize_t n = ::read(pipe(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    said_.append(buffer, static_cast<std::size_t>(n));
  }
}

ChildResult ChildProcess::wait(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  ChildResult result;
  // The pipe closes a moment before the process ends; a child that closed it and lives on is killed
  // only at the deadline.
  for (bool closed = false; !process_.ends_within(std::chrono::milliseconds(0));) {
    closed = closed || drain();
    if (std::chrono::steady_clock::now() >= deadline) {
      result.timed_out = true;
      break;
    }
    wait_for_any({closed ? -1 : pipe(), watched()}, deadline);
  }
  process_.kill();  // the rest of its group, and itself after a time-out
  result.status = process_.wait();
  drain();
  result.said = std::move(said_);
  result.output = output_.tail();
  return result;
}

}  // namespace packproof::harness
