#include <unistd.h>

#include <chrono>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "harness/cli/candidate_options.h"
#include "harness/cli/case_selection.h"
#include "harness/cli/commands.h"
#include "harness/cli/display_options.h"
#include "harness/cli/environment.h"
#include "harness/cli/failing_cases.h"
#include "harness/cli/gate_outputs.h"
#include "harness/cli/known_bugs.h"
#include "harness/cli/last_failed.h"
#include "harness/cli/option_checks.h"
#include "harness/cli/selection_options.h"
#include "harness/run/case_pool.h"
#include "reports/printable_text.h"
#include "reports/progress.h"
#include "reports/slowest_text.h"
#include "reports/summary.h"

namespace packproof::harness {
namespace {

struct GateOptions {
  Selection selection;
  CandidateOptions candidate;
  int jobs = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
  double timeout_s = 60;
  int most_failures = 0;
  bool fail_fast = false;
  bool last_failed = false;
  bool failed_first = false;
  bool strict = false;
  std::string save_failing;
  std::string known_bugs;
  DisplayOptions display;
  OutputPaths outputs;
};

ExitCode exit_code_of(const reports::RunReport& run, const PoolResult& pool, bool strict) {
  using reports::Outcome;
  bool any_failure = false;
  bool any_mistrusted = false;
  bool all_skipped = true;
  for (const reports::Record& record : run.records) {
    any_failure |= is_failure(record);
    any_mistrusted |= record.outcome == Outcome::mistrusted;
    all_skipped &= record.outcome == Outcome::skipped;
  }
  if (!pool.harness_failures.empty()) return ExitCode::infrastructure;
  if (any_failure) return ExitCode::mismatch;
  if (any_mistrusted && strict) return ExitCode::inconclusive;
  return all_skipped ? ExitCode::all_skipped : ExitCode::pass;
}

// With --lf those that failed in the last run, or all if none did; with --ff these first.
std::vector<Case> chosen_cases(const GateOptions& options, const Candidate& candidate) {
  Selection selection = options.selection;
  std::vector<std::string> failed;
  if (options.last_failed || options.failed_first) failed = last_failures();
  if (options.last_failed && failed.empty())
    fmt::print(stderr, "packproof: nothing failed in the last run: --lf runs all\n");
  if (options.last_failed && !failed.empty()) selection.cases = failed;
  std::vector<Case> cases = select_cases(selection, candidate);
  if (options.failed_first) put_first(cases, failed);
  return cases;
}

ExitCode gate(const GateOptions& options) {
  const Candidate candidate = chosen_candidate(options.candidate);
  const std::vector<Case> cases = chosen_cases(options, candidate);
  const KnownBugs known_bugs(options.known_bugs);
  const FailingCases failing(options.save_failing);

  reports::RunReport run;
  run.environment = this_environment();
  run.command = command_line();
  run.started = now_as_text();
  GateOutputs outputs(options.outputs, run);

  const auto start = std::chrono::steady_clock::now();
  const auto inconclusive =
      options.strict ? reports::Inconclusive::failed : reports::Inconclusive::skipped;
  std::vector<std::optional<reports::Record>> records(cases.size());
  reports::ProgressOptions display = progress_options_for(options.display, STDOUT_FILENO);
  display.inconclusive = inconclusive;
  reports::Progress progress(std::cout, display, std::ssize(cases));
  const PoolResult pool = run_cases(
      cases, candidate,
      {.jobs = options.jobs,
       .most_failures = options.fail_fast ? 1 : options.most_failures,
       .judge = {.timeout = std::chrono::milliseconds(
                     static_cast<std::int64_t>(options.timeout_s * 1000))}},
      {.started = [&](std::size_t index) { progress.case_started(descriptor_of(cases[index])); },
       .finished =
           [&](std::size_t index, reports::Record record) {
             known_bugs.mark(record);
             outputs.add(record);
             if (is_failure(record)) failing.save(cases[index], record);
             progress.case_finished(record);
             records[index] = std::move(record);
           },
       .tick = [&] { progress.tick(); }});
  for (std::optional<reports::Record>& record : records)
    if (record) run.records.push_back(std::move(*record));
  run.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  progress.finish(run);
  fmt::print("{}", reports::slowest_text(run.records,
                                         static_cast<std::size_t>(options.display.durations)));
  const std::vector<std::string> stale = known_bugs.stale(run.records);
  for (const std::string& pattern : stale)
    fmt::print(stderr, "packproof: known bug '{}' did not fail in this run: remove it{}\n", pattern,
               options.strict ? " (exit code 4 under --strict)" : " if it is mended");
  for (const std::string& failure : pool.harness_failures)
    fmt::print(stderr, "packproof: the harness failed: {}\n", failure);
  if (pool.not_started > 0)
    fmt::print("{} not started, after as many failures as were asked for.\n",
               reports::counted(static_cast<std::int64_t>(pool.not_started), "case"));
  try {
    outputs.commit(run, inconclusive);
  } catch (const std::exception& error) {
    fmt::print(stderr, "packproof: {}\n", error.what());
    return ExitCode::infrastructure;
  }
  const ExitCode code = exit_code_of(run, pool, options.strict);
  return code == ExitCode::pass && options.strict && !stale.empty() ? ExitCode::inconclusive : code;
}

}  // namespace

Command add_gate_command(CLI::App& program) {
  const auto options = std::make_shared<GateOptions>();
  CLI::App* app = program.add_subcommand(
      "gate", "Run cases and say whether the candidate is right: the command for CI");
  add_selection_options(*app, options->selection);
  add_candidate_options(*app, options->candidate);
  add_timeout_option(*app, options->timeout_s);
  app->add_option("--jobs", options->jobs, "cases at a time")
      ->type_name("N")
      ->transform(whole_number_between(1, 1024))
      ->capture_default_str();
  CLI::Option* fail_fast =
      app->add_flag("-x,--fail-fast", options->fail_fast, "start no case after the first failure");
  app->add_option("--maxfail", options->most_failures, "start no case after so many failures")
      ->type_name("N")
      ->transform(whole_number_between(1, 1'000'000))
      ->excludes(fail_fast);
  CLI::Option* last_failed =
      app->add_flag("--lf,--last-failed", options->last_failed,
                    "only the cases that failed in the last run; all if none did");
  app->add_flag("--ff,--failed-first", options->failed_first,
                "the cases that failed in the last run before the others")
      ->excludes(last_failed);
  app->add_flag("--strict", options->strict,
                "exit with 4 when a case could not be judged, or a known bug did not fail");
  app->add_option("--save-failing", options->save_failing, "write each failing case to this folder")
      ->type_name("DIR");
  app->add_option("--known-bugs", options->known_bugs,
                  "cases that may fail: a glob or text a line, then # and the reason")
      ->type_name("FILE");
  add_display_options(*app, options->display);
  add_output_options(*app, options->outputs);
  return {.app = app, .run = [options] { return gate(*options); }};
}

}  // namespace packproof::harness
