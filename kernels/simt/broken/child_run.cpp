#include "kernels/simt/broken/child_run.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace packproof {
namespace {

constexpr unsigned kLimitSeconds = 20;
constexpr int kRight = 0;
constexpr int kWrong = 3;  // no status of a sanitizer

[[noreturn]] void run_and_exit(bool (*kernel)(), const Schedule& schedule, int error_pipe) {
  dup2(error_pipe, STDERR_FILENO);
  alarm(kLimitSeconds);
  simt::set_options(schedule.options);
  _exit(kernel() ? kRight : kWrong);
}

std::string read_all(int pipe) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(pipe, buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<size_t>(got));
  }
  return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

[[noreturn]] void give_up(const char* call) {
  std::perror(call);
  std::exit(2);
}

}  // namespace

Outcome run_in_child(bool (*kernel)(), const Schedule& schedule) {
  int ends[2];
  if (pipe(ends) != 0) give_up("pipe");
  std::fflush(stdout);
  const pid_t child = fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    close(ends[0]);
    run_and_exit(kernel, schedule, ends[1]);
  }
  close(ends[1]);
  const std::string errors = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  if (waitpid(child, &status, 0) != child) give_up("waitpid");

  if (WIFEXITED(status) && WEXITSTATUS(status) == kRight) return {false, "right"};
  if (WIFEXITED(status) && WEXITSTATUS(status) == kWrong) return {true, "wrong results"};
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return {true, "HANGS"};
  if (errors.find("kernels/simt/broken/") == std::string::npos) {
    return {true, "REPORT WITHOUT A LINE: " + errors};
  }
  return {true, first_line(errors)};
}

}  // namespace packproof
