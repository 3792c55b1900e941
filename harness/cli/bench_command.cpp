#include <unistd.h>

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/bench/bench.h"
#include "harness/candidates/candidate.h"
#include "harness/candidates/cuda_run.h"
#include "harness/cli/commands.h"
#include "harness/cli/options/option_checks.h"
#include "harness/cli/options/selection_options.h"
#include "harness/cli/outputs/bench_outputs.h"
#include "harness/cli/terminal/attempt.h"
#include "harness/cli/terminal/standard_streams.h"
#include "harness/ops/op_list.h"
#include "harness/peers/peer_times.h"
#include "reports/bench/bench_text.h"

namespace packproof::harness {
namespace {

struct BenchArguments {
  BenchOptions options;
  std::string candidate;
  std::string json, csv, against_json;
  bool list = false;
  std::vector<std::string> peers;
};

// Our kernels where it is empty, on a GPU if there is one.
Candidate candidate_for(const std::string& name) {
  if (name.empty())
    return find_candidate(our_kernels_on(why_no_cuda().empty() ? Device::gpu : Device::host));
  const CandidateKind* const kind = find_kind(name);
  if (kind == nullptr || !kind->is_timed) {
    std::vector<std::string> timed;
    for (const CandidateKind& one : candidate_kinds())
      if (one.is_timed) timed.push_back(one.form);
    throw CaseError(fmt::format("--candidate {} is not {}: only these are timed", name,
                                fmt::join(timed, " or ")));
  }
  if (kind->why_not_here)
    if (const std::string lack = kind->why_not_here(); !lack.empty())
      throw CaseError(fmt::format("--candidate {} cannot run here: {}", name, lack));
  return find_candidate(name);
}

// What others took for the work of a layer's row.
void add_peers(reports::BenchRow& row, std::vector<PeerTimes>& files) {
  if (row.part != reports::BenchPart::shapes) return;
  for (PeerTimes& peers : files)
    for (reports::Series& series : peers.series_for(parse_descriptor(row.descriptor, op_lookup())))
      row.series.push_back(std::move(series));
}

ExitCode list_rows(const BenchArguments& arguments) {
  for (const PlannedRow& planned : plan_bench(
           arguments.options.selection, candidate_for(arguments.candidate).executor->device()))
    fmt::print("{}\n    {}\n", title_of(planned.row), planned.row.descriptor);
  return ExitCode::pass;
}

ExitCode bench(BenchArguments arguments) {
  if (arguments.list) return list_rows(arguments);
  BenchOptions& options = arguments.options;
  // Read first: a file with a fault should not cost a run.
  std::vector<PeerTimes> peers(arguments.peers.begin(), arguments.peers.end());
  const BenchOutputs outputs({.json = arguments.json,
                              .csv = arguments.csv,
                              .against = options.against,
                              .against_json = arguments.against_json});
  options.timing.candidate = candidate_for(arguments.candidate);
  const BenchRuns runs = run_bench(
      options, {.progress = [](const std::string& line) { fmt::print(stderr, "{}\n", line); },
                .timed =
                    [&](reports::BenchRow& row) {
                      add_peers(row, peers);
                      print_kept(reports::row_text(row));
                      std::fflush(stdout);
                    },
                .so_far =
                    [&, kept = true](const BenchRuns& so_far) mutable {
                      kept = kept && attempted([&] { outputs.keep(so_far); });
                    }});
  for (const PeerTimes& file : peers)
    for (const std::string& left : file.unmatched()) fmt::print(stderr, "no row for {}\n", left);
  const reports::BenchCounts counts = reports::count_series(runs.run);
  print_kept(reports::counts_line(counts) + "\n");
  for (const auto& [descriptor, why] : runs.not_passed)
    fmt::print(stderr, "did not pass: {}: {}\n", descriptor, why);
  const bool written = attempted([&] { outputs.commit(runs); });
  if (!runs.not_passed.empty()) return ExitCode::mismatch;
  if (!written) return ExitCode::infrastructure;
  return counts.timed > 0 ? ExitCode::pass : ExitCode::all_skipped;
}

}  // namespace

Command add_bench_command(CLI::App& program) {
  auto arguments = std::make_shared<BenchArguments>();
  CLI::App* app = program.add_subcommand(
      "bench",
      "How fast is every op? Times our kernels beside LibTorch on padded and on packed rows; only "
      "what passes is timed, and what does not is exit code 1. Without a GPU: host times, which "
      "say nothing about a GPU.");
  BenchOptions& options = arguments->options;
  options.jobs = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
  add_tier_option(*app, options.selection.tier);
  app->add_option("--filter", options.selection.filters,
                  "globs over lines such as 'causal_conv1d:fwd Qwen3.5-35B-A3B TP 1 gsm8k'; one "
                  "without * or ? is looked for anywhere in them")
      ->type_name("GLOB");
  app->add_option("-k", options.selection.expression,
                  "only lines of which this holds: texts or globs with and, or, not, as in 'conv1d "
                  "and not (giant or bwd)'")
      ->type_name("EXPR");
  app->add_option("--candidate", arguments->candidate,
                  "cuda (the default where there is a GPU) or simt (the host executor)")
      ->type_name("NAME");
  app->add_option("--model", options.selection.model, "only layers of models of this name: 35B")
      ->type_name("NAME");
  app->add_option("--tp", options.selection.tp, "only layers on so many tensor-parallel ranks")
      ->type_name("RANKS")
      ->transform(whole_number_between(1, 1 << 20));
  app->add_option(
         "--tokens", options.selection.tokens,
         "tokens of a packed row (default 32768 on a GPU; on a host 1024, or fewer where the "
         "executor would take long)")
      ->type_name("N")
      ->transform(whole_number_between(64, 1 << 24));
  app->add_option("--samples", options.timing.samples, "samples of each series, at most")
      ->type_name("N")
      ->transform(whole_number_between(1, 10'000))
      ->capture_default_str();
  app->add_option("--seconds", options.timing.series_seconds, "about so long for each series")
      ->type_name("S")
      ->transform(number_between(0, 600))
      ->capture_default_str();
  app->add_option("--inject-slowdown", options.timing.slowdown,
                  "idle behind each run on the host until it took so many times as long: something "
                  "for compare to find")
      ->type_name("FACTOR")
      ->transform(number_between(1, 100));
  app->add_option(
         "--peers", arguments->peers,
         "times of other libraries on the same device: a JSON list of op, peer, cfg and ms")
      ->type_name("FILE");
  CLI::Option* against =
      app->add_option("--against", options.against,
                      "another build's packproof: both take turns at every sample, so that compare "
                      "finds what they differ in and not what the machine did meanwhile")
          ->type_name("PROGRAM");
  against->needs(app->add_option("--against-json", arguments->against_json,
                                 "write the other build's samples to this file")
                     ->type_name("FILE")
                     ->check(output_file())
                     ->needs(against));
  app->add_option("--jobs", options.jobs, "cases judged at a time")
      ->type_name("N")
      ->transform(whole_number_between(1, 1024));
  app->add_option("--json", arguments->json,
                  "write all samples to this file; to FILE.partial while it runs")
      ->type_name("FILE")
      ->check(output_file());
  app->add_option("--csv", arguments->csv, "write medians and rates, a line for each series")
      ->type_name("FILE")
      ->check(output_file());
  CLI::Option* list =
      app->add_flag("--list", arguments->list, "time nothing: name the rows, and the case of each");
  for (const char* other : {"--json", "--csv", "--against", "--peers", "--inject-slowdown"})
    list->excludes(app->get_option(other));
  return {.app = app, .run = [arguments] { return bench(*arguments); }};
}

}  // namespace packproof::harness
