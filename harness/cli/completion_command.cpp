#include <cstdint>
#include <memory>

#include <fmt/format.h>

#include "harness/cli/command_line.h"
#include "harness/cli/commands.h"
#include "harness/cli/help/completion.h"
#include "harness/cli/help/manual.h"
#include "harness/cli/options/option_checks.h"

namespace packproof::harness {
namespace {

enum class Shell : std::uint8_t { bash, zsh, fish };

ExitCode print_completion(Shell shell) {
  const CommandLine line = make_command_line();
  const std::vector<CommandShape> commands = command_shapes(*line.app);
  fmt::print("{}", shell == Shell::bash  ? bash_completion(commands)
                   : shell == Shell::zsh ? zsh_completion(commands)
                                         : fish_completion(commands));
  return ExitCode::pass;
}

ExitCode print_manual() {
  const CommandLine line = make_command_line();
  fmt::print("{}", manual_page(command_shapes(*line.app), PACKPROOF_VERSION));
  return ExitCode::pass;
}

}  // namespace

Command add_completion_command(CLI::App& program) {
  const auto shell = std::make_shared<Shell>(Shell::bash);
  CLI::App* app = program.add_subcommand(
      "completion", "Print a script that completes commands and options in a shell");
  add_choice<Shell>(*app, "shell", *shell,
                    {{"bash", Shell::bash}, {"zsh", Shell::zsh}, {"fish", Shell::fish}},
                    "which shell")
      ->required();
  return {.app = app, .run = [shell] { return print_completion(*shell); }};
}

Command add_man_command(CLI::App& program) {
  CLI::App* app = program.add_subcommand("man", "Print the manual page, for man(1)");
  return {.app = app, .run = print_manual};
}

}  // namespace packproof::harness
