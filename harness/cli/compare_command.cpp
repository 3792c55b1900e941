#include <memory>

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/options/option_checks.h"
#include "harness/cli/terminal/attempt.h"
#include "harness/cli/terminal/standard_streams.h"
#include "reports/bench/bench_import.h"
#include "reports/comparison/comparison_text.h"
#include "reports/files/atomic_file.h"

namespace packproof::harness {
namespace {

struct CompareOptions {
  std::string old_path, new_path;
  double threshold = reports::kDefaultThreshold;
  bool across_machines = false;
  bool strict = false;
  bool changed = false;
  std::string json_path, markdown_path;
};

ExitCode verdict_of(const reports::Comparison& comparison, bool strict) {
  using reports::Change;
  if (comparison.count(Change::slower) > 0) return ExitCode::slower;
  const bool all_clear = comparison.count(Change::unclear) == 0 &&
                         comparison.count(Change::not_comparable) == 0 &&
                         missing_series(comparison).empty();
  return strict && !all_clear ? ExitCode::inconclusive : ExitCode::pass;
}

ExitCode compare(const CompareOptions& options) {
  expect_distinct({{"--json", options.json_path}, {"--markdown", options.markdown_path}});
  for (const std::string* path : {&options.json_path, &options.markdown_path})
    if (!path->empty()) reports::require_writable(*path);
  const reports::Comparison comparison = reports::compare_runs(
      {options.old_path, reports::read_bench_file(options.old_path)},
      {options.new_path, reports::read_bench_file(options.new_path)},
      {.threshold = options.threshold,
       .machines = options.across_machines ? reports::Machines::any : reports::Machines::same});
  const auto shown = options.changed ? reports::ShownSeries::changed : reports::ShownSeries::all;
  print_kept(reports::comparison_table(comparison, shown));
  const bool written = attempted([&] {
    if (!options.json_path.empty())
      reports::write_file_atomically(options.json_path, reports::comparison_json(comparison));
    if (!options.markdown_path.empty())
      reports::write_file_atomically(options.markdown_path,
                                     reports::comparison_markdown(comparison, shown));
  });
  const ExitCode verdict = verdict_of(comparison, options.strict);
  return written || verdict == ExitCode::slower ? verdict : ExitCode::infrastructure;
}

}  // namespace

Command add_compare_command(CLI::App& program) {
  const auto options = std::make_shared<CompareOptions>();
  CLI::App* app = program.add_subcommand(
      "compare",
      "Say which times of a benchmark run are slower than those of an earlier one (exit code 3)");
  app->add_option("old", options->old_path,
                  "the earlier run: a file of bench --json, Google Benchmark or nvbench")
      ->type_name("OLD.json")
      ->required();
  app->add_option("new", options->new_path, "the later run")->type_name("NEW.json")->required();
  app->add_option("--threshold", options->threshold, "the slowdown that counts: 0.05 is 5 %")
      ->transform(number_between(0.001, 10))
      ->type_name("FRACTION")
      ->capture_default_str();
  app->add_flag("--across-machines", options->across_machines,
                "compare times of different devices too");
  app->add_flag("--strict", options->strict,
                "exit code 4 if a series is unclear, not comparable, or missing from the new run");
  app->add_flag("--changed", options->changed,
                "show only what is not the same, what is slower first; all is counted");
  app->add_option("--json", options->json_path, "write the comparison as JSON")
      ->type_name("FILE")
      ->check(output_file());
  app->add_option("--markdown", options->markdown_path,
                  "write it as Markdown, for a comment on a pull request")
      ->type_name("FILE")
      ->check(output_file());
  return {.app = app, .run = [options] { return compare(*options); }};
}

}  // namespace packproof::harness
