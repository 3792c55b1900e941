#include <exception>
#include <vector>

#include <fmt/format.h>

#include "cases/packing/call.h"
#include "harness/cli/commands.h"
#include "harness/cli/standard_streams.h"
#include "reports/report_error.h"

namespace packproof::harness {
namespace {

std::string the_command_line;

ExitCode complain(ExitCode code, std::string_view message) {
  say(message);
  return code;
}

ExitCode run_chosen(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    if (!command.app->parsed()) continue;
    const std::string& name = command.app->get_name();
    if (name == "list" || name == "gen" || name == "doctor") end_when_nobody_reads();
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
      return complain(ExitCode::infrastructure, fmt::format("internal: {}", error.what()));
    }
  }
  return ExitCode::usage;
}

}  // namespace

const std::string& command_line() { return the_command_line; }

int run_program(int argc, const char* const* argv) {
  the_command_line = "packproof";
  for (int i = 1; i < argc; ++i) the_command_line += std::string(" ") + argv[i];
  CLI::App program(
      "packproof: is a packed-sequence (cu_seqlens) GPU op right, and how fast is it?");
  program.require_subcommand(1);
  program.fallthrough(false);
  program.set_version_flag("--version", PACKPROOF_VERSION);
  program.footer(
      "Exit codes: 0 pass; 1 mismatch; 2 usage or an invalid case; 3 slower; 4 inconclusive "
      "under --strict; 5 the harness failed, or could not print or write what it found; 77 all "
      "skipped; 130 and 143 ended by ^C and SIGTERM.");
  const std::vector<Command> commands = {
      add_gate_command(program),   add_repro_command(program),      add_list_command(program),
      add_gen_command(program),    add_selftest_command(program),   add_doctor_command(program),
      add_plan_command(program),   add_bench_command(program),      add_compare_command(program),
      add_report_command(program), add_bench_side_command(program),
  };
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool asked = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    end_when_nobody_reads();
    program.exit(error);  // prints help, version or what is wrong
    return static_cast<int>(with_output_printed(asked ? ExitCode::pass : ExitCode::usage));
  }
  return static_cast<int>(with_output_printed(run_chosen(commands)));
}

}  // namespace packproof::harness
