#include "harness/process/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

constexpr off_t kOutputTail = 64 << 10;

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

std::string tail_of(int fd) {
  const off_t size = ::lseek(fd, 0, SEEK_END);
  const off_t from = std::max<off_t>(0, size - kOutputTail);
  std::string text(static_cast<std::size_t>(std::max<off_t>(0, size - from)), '\0');
  const ssize_t n = ::pread(fd, text.data(), text.size(), from);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

}  // namespace

ChildProcess::ChildProcess(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("pipe for a child process");
  output_ = ::memfd_create("packproof-child-output", MFD_CLOEXEC);
  if (output_ < 0) fail("memory file for a child's output");
  std::fflush(nullptr);  // or the child would write the parent's buffered text again
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0) {
    ::close(ends[0]);
    be_the_child(work, parent, ends[1], output_);
  }
  ::setpgid(pid_, pid_);  // whoever comes first: so that a kill of the group always finds it
  ::close(ends[1]);
  pipe_ = ends[0];
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pipe_(std::exchange(other.pipe_, -1)),
      output_(std::exchange(other.output_, -1)),
      said_(std::move(other.said_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (pipe_ >= 0) ::close(pipe_);
  if (output_ >= 0) ::close(output_);
}

bool ChildProcess::drain() {
  char buffer[1 << 16];
  for (;;) {
    pollfd ready{.fd = pipe_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 0) <= 0) return false;
    const ssize_t n = ::read(pipe_, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    said_.append(buffer, static_cast<std::size_t>(n));
  }
}

ChildResult ChildProcess::wait(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  ChildResult result;
  while (!drain()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      result.timed_out = true;
      break;
    }
    pollfd ready{.fd = pipe_, .events = POLLIN, .revents = 0};
    ::poll(&ready, 1, static_cast<int>(std::min<long long>(left.count() + 1, 1000)));
  }
  // The pipe closes a moment before the process ends; a child that closed it and lives on is killed
  // only at the deadline.
  if (!result.timed_out) {
    while (::waitpid(pid_, &result.status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > deadline) {
        result.timed_out = true;
        break;
      }
      ::usleep(100);
    }
  }
  ::kill(-pid_, SIGKILL);  // the rest of its group, and itself after a time-out
  if (result.timed_out) ::waitpid(pid_, &result.status, 0);
  pid_ = -1;
  result.said = std::move(said_);
  result.output = tail_of(output_);
  return result;
}

std::string describe_status(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return fmt::format("SIG{} ({})", ::sigabbrev_np(signal), ::strsignal(signal));
  }
  return fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace packproof::harness
