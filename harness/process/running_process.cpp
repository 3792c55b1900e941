#include "harness/process/running_process.h"

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace packproof::harness {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// The header of glibc 2.36 declares pidfd_open without C linkage.
int open_pidfd(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

}  // namespace

RunningProcess::RunningProcess(pid_t pid) : pid_(pid), watched_(open_pidfd(pid)) {
  if (watched_.get() >= 0) return;
  const int error = errno;
  ::kill(pid_, SIGKILL);
  wait();
  throw std::system_error(error, std::generic_category(), "watching a process");
}

RunningProcess::RunningProcess(RunningProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), watched_(std::move(other.watched_)) {}

RunningProcess& RunningProcess::operator=(RunningProcess&& other) noexcept {
  end();
  pid_ = std::exchange(other.pid_, -1);
  watched_ = std::move(other.watched_);
  return *this;
}

RunningProcess::~RunningProcess() { end(); }

void RunningProcess::end() {
  if (!is_mine()) return;
  kill();
  wait();
}

bool RunningProcess::ends_within(milliseconds time) const {
  wait_for_any({watched()}, steady_clock::now() + time);
  return can_be_read(watched());
}

void RunningProcess::kill() const {
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // one that leads no group
}

int RunningProcess::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  watched_.close();
  return status;
}

RunningProcess spawn(const std::vector<std::string>& command, const Streams& streams) {
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  const std::pair<int, int> redirections[] = {
      {streams.in, STDIN_FILENO}, {streams.out, STDOUT_FILENO}, {streams.errors, STDERR_FILENO}};
  for (const auto& [from, to] : redirections)
    if (from >= 0) ::posix_spawn_file_actions_adddup2(&actions, from, to);
  pid_t pid = -1;
  const int error =
      ::posix_spawnp(&pid, arguments.front(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), command.front());
  return RunningProcess(pid);
}

void wait_for_any(const std::vector<int>& descriptors, steady_clock::time_point until) {
  std::vector<pollfd> watched;
  watched.reserve(descriptors.size());
  for (const int fd : descriptors) watched.push_back({.fd = fd, .events = POLLIN, .revents = 0});
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
    constexpr long long kLongest = std::numeric_limits<int>::max();
    const int most = static_cast<int>(std::clamp<long long>(left, 0, kLongest));
    if (::poll(watched.data(), watched.size(), most) >= 0 || errno != EINTR) return;
  }
}

bool can_be_read(int descriptor) {
  pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
  return ::poll(&one, 1, 0) == 1;
}

std::string describe_status(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return fmt::format("SIG{} ({})", ::sigabbrev_np(signal), ::strsignal(signal));
  }
  return fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace packproof::harness
