#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "harness/bench/bench_side.h"
#include "harness/cli/commands.h"

namespace packproof::harness {
namespace {

ExitCode serve() {
  // Whatever else is printed must not get between the answers.
  const int answers = ::dup(STDOUT_FILENO);
  if (answers < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    throw std::system_error(errno, std::generic_category(), "setting answers apart from output");
  serve_bench_side(STDIN_FILENO, answers);
  return ExitCode::pass;
}

}  // namespace

Command add_bench_side_command(CLI::App& program) {
  CLI::App* app = program.add_subcommand(
      "bench-side", "What bench --against starts of the other build: answers on standard output");
  app->group("");  // not for people
  return {.app = app, .run = serve};
}

}  // namespace packproof::harness
