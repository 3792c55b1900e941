#include "harness/cli/terminal/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>

namespace packproof::harness {
namespace {

bool reader_is_gone() {
  pollfd output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

bool says_enough(ExitCode code) {
  return code == ExitCode::mismatch || code == ExitCode::slower || is_signal(code);
}

}  // namespace

void prepare_streams() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
  // The wrong way round, so that using it fails as it would when closed.
  for (const auto& [stream, flags] :
       {std::pair{STDIN_FILENO, O_WRONLY}, {STDOUT_FILENO, O_RDONLY}, {STDERR_FILENO, O_RDONLY}})
    if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", flags) < 0) ::_exit(5);
}

void end_when_nobody_reads() { std::signal(SIGPIPE, SIG_DFL); }

void say(std::string_view message) {
  const std::string line = "packproof: " + std::string(message) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void print_kept(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

bool output_failed() { return std::ferror(stdout) != 0 || !std::cout.good(); }

ExitCode with_output_printed(ExitCode code) {
  std::cout.flush();
  std::fflush(stdout);
  if (!output_failed()) return code;
  say(reader_is_gone()
          ? "nobody reads standard output any more: what was found is not printed in full"
          : "standard output cannot be written (a full disk?): what was found is not printed in "
            "full");
  return says_enough(code) ? code : ExitCode::infrastructure;
}

}  // namespace packproof::harness
