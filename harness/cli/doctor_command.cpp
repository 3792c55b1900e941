#include <unistd.h>

#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "harness/candidates/cuda_run.h"
#include "harness/cli/commands.h"
#include "harness/environment/environment.h"
#include "harness/ops/op_list.h"
#include "harness/pipeline/case_pool.h"
#include "harness/selection/case_catalogue.h"
#include "harness/selection/case_selection.h"
#include "reports/records/failure_text.h"
#include "reports/text/printable_text.h"

namespace packproof::harness {
namespace {

void print_line(std::string_view mark, std::string_view what, std::string_view value) {
  fmt::print("{:<5} {:<12} {}\n", mark, what, value);
}

// Runs the smallest case of each op through the whole pipeline.
int broken_ops() {
  int broken = 0;
  std::map<std::string, Case> first;
  for (const Case& c : catalogue(Tier::quick)) first.emplace(c.op, c);
  for (const auto& [name, the_case] : first) {
    const reports::Record record = run_case(the_case, find_candidate(kDefaultCandidate)).record;
    const bool ok = record.outcome == reports::Outcome::pass;
    print_line(ok ? "ok" : "FAIL", "op", ok ? name : name + ": " + reports::reason_line(record));
    broken += ok ? 0 : 1;
  }
  return broken;
}

ExitCode doctor() {
  const reports::Environment environment = this_environment();
  print_line("", "packproof", environment.packproof_version + " " + environment.commit);
  print_line("", "compiler", environment.compiler + ", " + environment.build_type);
  if (!environment.sanitizers.empty()) print_line("", "sanitizers", environment.sanitizers);
  print_line("", "machine",
             fmt::format("{}, {} cores, {}", environment.cpu, ::sysconf(_SC_NPROCESSORS_ONLN),
                         environment.os));
  print_line("ok", "LibTorch", environment.libtorch);
  print_line(why_no_cuda().empty() ? "ok" : "-", "CUDA", environment.cuda);
  print_line("ok", "cases",
             fmt::format("{} quick, {} full", catalogue(Tier::quick).size(),
                         catalogue(Tier::full).size()));
  const int broken = broken_ops();
  if (broken == 0) {
    fmt::print("Ready: 'packproof gate' runs with the candidate simt{}.\n",
               why_no_cuda().empty() ? " and cuda" : "; cuda needs a GPU");
    return ExitCode::pass;
  }
  fmt::print("{} whose smallest case does not pass: 'packproof repro' tells more.\n",
             reports::counted(broken, "op"));
  return ExitCode::infrastructure;
}

}  // namespace

Command add_doctor_command(CLI::App& program) {
  CLI::App* app = program.add_subcommand(
      "doctor", "Say what this machine and build can run, and try each op once");
  return {.app = app, .run = doctor};
}

}  // namespace packproof::harness
