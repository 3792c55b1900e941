#include <unistd.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/gate/earlier_run.h"
#include "harness/cli/gate/gate_outputs.h"
#include "harness/cli/gate/gate_verdict.h"
#include "harness/cli/gate/known_bugs.h"
#include "harness/cli/gate/last_failed.h"
#include "harness/cli/options/candidate_options.h"
#include "harness/cli/options/display_options.h"
#include "harness/cli/options/option_checks.h"
#include "harness/cli/options/selection_options.h"
#include "harness/cli/outputs/failing_cases.h"
#include "harness/cli/terminal/interrupt.h"
#include "harness/cli/terminal/standard_streams.h"
#include "harness/cli/terminal/typed_command.h"
#include "harness/environment/environment.h"
#include "harness/pipeline/case_pool.h"
#include "harness/selection/case_selection.h"
#include "reports/gate/progress.h"
#include "reports/records/scope.h"
#include "reports/runs/shards.h"

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
  bool own_process = false;
  std::string resume;
  std::vector<std::string> merge;
  std::string save_failing;
  std::string known_bugs;
  DisplayOptions display;
  OutputPaths outputs;
};

reports::RunReport new_run() {
  reports::RunReport run;
  run.environment = this_environment();
  run.command = typed_command();
  run.started = now_as_text();
  return run;
}

reports::Inconclusive inconclusive_of(const GateOptions& options) {
  return options.strict ? reports::Inconclusive::failed : reports::Inconclusive::skipped;
}

Strictness strictness_of(const GateOptions& options) {
  return options.strict ? Strictness::strict : Strictness::usual;
}

// What stays of a run: its files, and the exit code.
ExitCode end_of(const reports::RunReport& run, const GateOptions& options, GateOutputs& outputs,
                bool nothing_lost) {
  const bool all_written = outputs.commit(run, inconclusive_of(options)) && nothing_lost;
  if (const std::string& file = outputs.kept_in();
      !is_whole(run) && !run.scope->merged && !options.last_failed && !file.empty())
    print_kept(
        fmt::format("what ran is in {0}; to go on: the same command with --resume {0}\n", file));
  return exit_code_of(run, strictness_of(options),
                      all_written ? Reports::written : Reports::lacking);
}

struct Remainder {
  std::vector<Case> cases;
  std::vector<std::size_t> places;  // of each among all
};

// The cases that the earlier run has not judged; `taken` gets the records of the others.
Remainder without_judged(const std::vector<Case>& cases, EarlierRun& earlier,
                         const std::function<void(std::size_t, reports::Record)>& taken) {
  Remainder left;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (std::optional<reports::Record> record = earlier.take(descriptor_of(cases[i]))) {
      taken(i, std::move(*record));
    } else {
      left.cases.push_back(cases[i]);
      left.places.push_back(i);
    }
  }
  return left;
}

ExitCode gate(const GateOptions& options) {
  const Candidate candidate = chosen_candidate(options.candidate);
  const SelectedRun selected = select_run(
      options.selection, candidate, {.only = options.last_failed, .first = options.failed_first});
  const std::vector<Case>& cases = selected.cases;
  const KnownBugs known_bugs(options.known_bugs);
  FailingCases failing(options.save_failing);

  reports::RunReport run = new_run();
  run.scope = selected.scope;
  EarlierRun earlier(options.resume, run);
  GateOutputs outputs(options.outputs, run, earlier.journal_start(options.outputs.json));

  const auto start = std::chrono::steady_clock::now();
  std::vector<std::optional<reports::Record>> records(cases.size());
  reports::ProgressOptions display = progress_options_for(options.display, STDOUT_FILENO);
  display.inconclusive = inconclusive_of(options);
  reports::Progress progress(std::cout, display, std::ssize(cases));
  const auto finished = [&](std::size_t index, reports::Record record) {
    known_bugs.mark(record);
    if (is_failure(record)) failing.save(cases[index], record);
    progress.case_finished(record);
    records[index] = std::move(record);
  };

  const Remainder left = without_judged(cases, earlier, [&](std::size_t i, reports::Record record) {
    if (!earlier.is_journal_of(options.outputs.json)) outputs.add(record);
    finished(i, std::move(record));
    ++run.scope->taken_over;
  });

  const InterruptWatch interrupt;
  const PoolResult pool = run_cases(
      left.cases, candidate,
      {.jobs = options.jobs,
       .most_failures = options.fail_fast ? 1 : options.most_failures,
       .interrupted = [&] { return interrupt.signal() != 0; },
       .judge = {.timeout = std::chrono::milliseconds(
                     static_cast<std::int64_t>(options.timeout_s * 1000))},
       .shares_process = options.own_process ? std::optional(false) : std::nullopt},
      {.started = [&](std::size_t i) { progress.case_started(descriptor_of(left.cases[i])); },
       .finished =
           [&](std::size_t i, reports::Record record) {
             outputs.add(record);
             finished(left.places[i], std::move(record));
           },
       .tick = [&] { progress.tick(); }});
  for (std::optional<reports::Record>& record : records)
    if (record) run.records.push_back(std::move(*record));
  run.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!is_whole(run))
    run.scope->ended_by = interrupt.signal() != 0 ? "interrupted"
                          : options.fail_fast     ? "--fail-fast"
                                                  : "--maxfail";

  if (cases.empty())
    print_kept(fmt::format("shard {} of the {} selected cases is empty: nothing to run\n",
                           options.selection.shard, run.scope->cases));
  for (const std::string& failure : pool.harness_failures)
    say(fmt::format("the harness failed: {}", failure));
  for (const std::string& why : pool.ended_badly) say(why);
  known_bugs.tell_stale(run.records, strictness_of(options));
  progress.finish(run);
  const bool nothing_lost = failing.all_saved() && pool.ended_badly.empty();
  const ExitCode code = known_bugs.verdict(end_of(run, options, outputs, nothing_lost), run.records,
                                           strictness_of(options));
  return interrupt.signal() != 0 && !is_whole(run) ? code_of_signal(interrupt.signal()) : code;
}

ExitCode merge(const GateOptions& options) {
  std::vector<reports::Named<reports::RunReport>> shards;
  for (const std::string& path : options.merge)
    shards.push_back({.name = path, .file = path, .run = reports::read_gate_run(path)});
  reports::RunReport run = reports::merged_shards(std::move(shards)).run;
  run.command = typed_command();
  const KnownBugs known_bugs(options.known_bugs);
  GateOutputs outputs(options.outputs, run);

  reports::ProgressOptions display = progress_options_for(options.display, STDOUT_FILENO);
  display.inconclusive = inconclusive_of(options);
  known_bugs.tell_stale(run.records, strictness_of(options));
  reports::Progress(std::cout, display, std::ssize(run.records)).finish(run);
  return known_bugs.verdict(end_of(run, options, outputs, /*nothing_lost=*/true), run.records,
                            strictness_of(options));
}

}  // namespace

Command add_gate_command(CLI::App& program) {
  const auto options = std::make_shared<GateOptions>();
  CLI::App* app = program.add_subcommand(
      "gate", "Run cases and say whether the candidate is right: the command for CI");
  app->add_option(
      "case", options->selection.cases,
      "instead of a tier: descriptors, case files, folders of case files, or - for stdin");
  add_selection_options(*app, options->selection);
  add_candidate_options(*app, options->candidate);
  add_timeout_option(*app, options->timeout_s);
  app->add_option("--jobs", options->jobs, "cases at a time")
      ->type_name("N")
      ->transform(whole_number_between(1, 1024))
      ->capture_default_str();
  app->add_flag("--own-process", options->own_process,
                "the candidate in a new process for each case, on a GPU too, where many share one: "
                "for tools that say what they found when a process ends");
  CLI::Option* fail_fast =
      app->add_flag("-x,--fail-fast", options->fail_fast, "start no case after the first failure");
  app->add_option("--maxfail", options->most_failures, "start no case after so many failures")
      ->type_name("N")
      ->transform(whole_number_between(1, 1'000'000))
      ->excludes(fail_fast);
  CLI::Option* last_failed =
      app->add_flag("--lf,--last-failed", options->last_failed,
                    "only the cases that failed in the last run; all if none did")
          ->excludes(app->get_option("--random"));
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
  CLI::Option* resume =
      app->add_option(
             "--resume", options->resume,
             "go on with a run that was ended early: the file of its --json, or FILE.partial; "
             "the rest of the command is the same")
          ->type_name("FILE")
          ->excludes(last_failed);
  CLI::Option* merging =
      app->add_option("--merge", options->merge,
                      "run nothing: one verdict over the --json files of all shards")
          ->type_name("FILE...");
  for (const char* other :
       {"case", "--tier", "--filter", "-k", "--batch", "--random", "--shard", "--seed", "--ranks",
        "--candidate", "--schedule", "--comm", "--repeat", "--save-failing", "--lf", "--ff"})
    merging->excludes(app->get_option(other));
  merging->excludes(resume);
  add_display_options(*app, options->display);
  add_output_options(*app, options->outputs);
  return {.app = app,
          .run = [options] { return options->merge.empty() ? gate(*options) : merge(*options); }};
}

}  // namespace packproof::harness
