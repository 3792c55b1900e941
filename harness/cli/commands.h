// The commands: each adds itself to the command line and returns what to run if it is chosen.
#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "harness/cli/terminal/exit_code.h"

namespace packproof::harness {

struct Command {
  CLI::App* app = nullptr;
  // Throws CaseError or reports::ReportError for what the user can mend (exit code 2).
  std::function<ExitCode()> run;
};

Command add_list_command(CLI::App& program);
Command add_gen_command(CLI::App& program);
Command add_gate_command(CLI::App& program);
Command add_repro_command(CLI::App& program);
Command add_selftest_command(CLI::App& program);
Command add_doctor_command(CLI::App& program);
Command add_plan_command(CLI::App& program);
Command add_bench_command(CLI::App& program);
Command add_bench_side_command(CLI::App& program);
Command add_compare_command(CLI::App& program);
Command add_report_command(CLI::App& program);
Command add_completion_command(CLI::App& program);
Command add_man_command(CLI::App& program);

// Parses the command line, runs the command, and gives the process's exit code.
int run_program(int argc, const char* const* argv);

}  // namespace packproof::harness
