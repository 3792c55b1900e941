#include <exception>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "harness/cli/command_line.h"
#include "harness/cli/terminal/standard_streams.h"
#include "harness/cli/terminal/typed_command.h"
#include "harness/process/what_in_short.h"
#include "reports/files/report_error.h"
#include "reports/text/printable_text.h"

namespace packproof::harness {
namespace {

ExitCode complain(ExitCode code, std::string_view message) {
  say(reports::printable(message));  // it may quote what was typed, or a file
  return code;
}

ExitCode run_chosen(const CommandLine& line) {
  for (const Command& command : line.commands) {
    if (!command.app->parsed()) continue;
    const std::string& name = command.app->get_name();
    if (name == "list" || name == "gen" || name == "doctor" || name == "completion" ||
        name == "man")
      end_when_nobody_reads();
    try {
      return command.run();
    } catch (const reports::OutputError& error) {
      return complain(ExitCode::infrastructure, error.what());
    } catch (const CaseError& error) {
      return complain(ExitCode::usage, error.what());
    } catch (const reports::ReportError& error) {
      return complain(ExitCode::usage, error.what());
    } catch (const std::exception& error) {
      if (output_failed()) return ExitCode::infrastructure;
      return complain(ExitCode::infrastructure, fmt::format("internal: {}", what_in_short(error)));
    }
  }
  return ExitCode::usage;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  note_typed_command(argc, argv);
  const CommandLine line = make_command_line();
  if (const std::string what = unknown_command(*line.app, argc, argv); !what.empty())
    return static_cast<int>(complain(ExitCode::usage, what));
  try {
    line.app->parse(argc, argv);
  } catch (const CLI::Success& asked) {
    end_when_nobody_reads();
    line.app->exit(asked);  // prints help or the version
    return static_cast<int>(with_output_printed(ExitCode::pass));
  } catch (const CLI::ParseError& error) {
    return static_cast<int>(complain(ExitCode::usage, usage_error(*line.app, error)));
  }
  return static_cast<int>(with_output_printed(run_chosen(line)));
}

}  // namespace packproof::harness
