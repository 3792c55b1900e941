#include "harness/cli/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/core/case_text.h"
#include "harness/cli/help/examples.h"
#include "harness/cli/options/option_checks.h"
#include "reports/text/printable_text.h"

namespace packproof::harness {
namespace {

// The command that was being read.
const CLI::App& chosen(const CLI::App& app) {
  const std::vector<CLI::App*> parsed = app.get_subcommands();
  return parsed.empty() ? app : *parsed.front();
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::string unexpected(const CLI::App& command, const std::string& argument) {
  if (!argument.starts_with('-'))
    return fmt::format("{} is one argument too many for '{}'", in_quotes(argument),
                       command.get_name());
  const std::string name = argument.substr(0, argument.find('='));
  const std::string near = nearest_name(name, option_names(command));
  return fmt::format("'{}' has no option {}{}", command.get_name(), in_quotes(name),
                     near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
}

}  // namespace

CommandLine make_command_line() {
  CommandLine line{.app = std::make_unique<CLI::App>(
                       "packproof: is a packed-sequence (cu_seqlens) GPU op right, and how fast "
                       "is it?",
                       "packproof")};
  CLI::App& app = *line.app;
  app.require_subcommand(1);
  app.fallthrough(false);
  app.set_version_flag("--version", PACKPROOF_VERSION);
  line.commands = {
      add_gate_command(app),   add_repro_command(app),      add_list_command(app),
      add_gen_command(app),    add_selftest_command(app),   add_doctor_command(app),
      add_plan_command(app),   add_bench_command(app),      add_compare_command(app),
      add_report_command(app), add_bench_side_command(app), add_completion_command(app),
      add_man_command(app),
  };
  app.footer(
      "Exit codes: 0 pass; 1 mismatch; 2 usage or an invalid case; 3 slower; 4 inconclusive "
      "under --strict; 5 the harness failed, or could not print or write what it found; 77 all "
      "skipped; 130 and 143 ended by ^C and SIGTERM.\n\n" +
      examples_text(""));
  for (const Command& command : line.commands) {
    refuse_empty_text(*command.app);
    if (const std::string examples = examples_text(command.app->get_name()); !examples.empty()) {
      std::string footer = command.app->get_footer();
      if (!footer.empty()) footer += "\n\n";
      command.app->footer(footer += examples);
    }
  }
  return line;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!command->get_group().empty()) names.push_back(command->get_name());
  return names;
}

std::string unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  const std::vector<std::string> names = command_names(app);
  if (argc < 2) return fmt::format("no command is given; there are {}", fmt::join(names, ", "));
  const std::string_view first = argv[1];
  if (first.starts_with('-')) return {};
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (command->get_name() == first) return {};
  return unknown_name("command", first, names);
}

std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = chosen(app);
  std::string what = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
    if (const std::vector<std::string> left = command.remaining(); !left.empty())
      what = unexpected(command, left.front());
  const std::string name = &command == &app ? "" : " " + command.get_name();
  return reports::printable(
      fmt::format("{}\npackproof: 'packproof{} --help' says what there is", what, name));
}

}  // namespace packproof::harness
