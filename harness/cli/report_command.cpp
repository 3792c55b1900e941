#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/options/option_checks.h"
#include "harness/cli/outputs/failing_cases.h"
#include "harness/cli/outputs/run_folder.h"
#include "harness/environment/environment.h"
#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/html/html_report.h"
#include "reports/markdown/markdown_runs.h"
#include "reports/runs/shards.h"
#include "reports/runs/summary_json.h"

namespace packproof::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultHtml = "report.html";

struct ReportOptions {
  std::vector<std::string> runs;
  std::string html, markdown, json, history;
};

std::vector<std::string> last_runs() {
  std::vector<std::string> paths;
  for (const std::string_view name : {kGateRun, kBenchRun})
    if (const fs::path path = fs::path(run_folder()) / name; fs::exists(path))
      paths.push_back(path.string());
  if (paths.empty())
    throw reports::ReportError(
        fmt::format("no run is given and '{}' holds none; 'packproof gate' and 'packproof bench' "
                    "leave theirs there, or name the file that one wrote with --json",
                    run_folder()));
  return paths;
}

reports::HtmlInput read_input(const ReportOptions& options) {
  reports::HtmlInput input{.made = now_as_text()};
  input.runs = reports::read_runs(options.runs.empty() ? last_runs() : options.runs);
  reports::merge_shards(input.runs);
  input.case_file = case_file_of;
  if (options.history.empty()) return input;
  std::vector<std::string> passed_over;
  const reports::RunSet history = reports::read_history(options.history, passed_over);
  for (const std::string& path : passed_over)
    fmt::print(stderr, "packproof: --history: '{}' is not a run; it is passed over\n", path);
  input.trends = reports::trends_of(history, input.runs);
  return input;
}

ExitCode report(ReportOptions options) {
  if (options.html.empty() && options.markdown.empty() && options.json.empty())
    options.html = kDefaultHtml;
  expect_distinct(
      {{"--html", options.html}, {"--markdown", options.markdown}, {"--json", options.json}});
  for (const std::string& path : {options.html, options.markdown, options.json})
    if (!path.empty()) reports::require_writable(path);
  const std::string chart_script = options.html.empty() ? "" : reports::chart_library();
  const reports::HtmlInput input = read_input(options);

  const auto write = [](const std::string& path, const std::string& text) {
    reports::write_file_atomically(path, text);
    if (!reports::is_special_file(path)) fmt::print("wrote {}\n", path);
  };
  if (!options.html.empty()) write(options.html, reports::html_report(input, chart_script));
  if (!options.markdown.empty()) write(options.markdown, reports::markdown_runs(input.runs));
  if (!options.json.empty()) write(options.json, reports::summary_json(input.runs, input.trends));
  return ExitCode::pass;
}

}  // namespace

Command add_report_command(CLI::App& program) {
  const auto options = std::make_shared<ReportOptions>();
  CLI::App* app = program.add_subcommand(
      "report",
      "Make one page of any mix of gate and bench runs: what is right, how wrong the rest is and "
      "where, and how fast it is");
  app->add_option(
         "runs", options->runs,
         "what gate --json and bench --json wrote, or the FILE.partial of one that did not "
         "end; without any, their last runs. Two or more are shown side by side; shards "
         "of one run are put together")
      ->type_name("RUN.json...");
  app->add_option("--html", options->html,
                  "write one HTML file that needs no network; report.html when no format is named")
      ->type_name("FILE")
      ->check(output_file());
  app->add_option("--markdown", options->markdown, "write a summary for a pull request")
      ->type_name("FILE")
      ->check(output_file());
  app->add_option("--json", options->json, "write a merged summary (packproof.summary/1)")
      ->type_name("FILE")
      ->check(output_file());
  app->add_option("--history", options->history,
                  "a folder of earlier runs as JSON: draws how medians and pass counts went")
      ->type_name("FOLDER");
  app->footer(
      "The exit code says whether the report was made (0), not what is in it; 2 is a run that "
      "cannot be read.\nHTML takes Chart.js from the Debian package libjs-chart.js, or from the "
      "chart.min.js that PACKPROOF_CHART_JS names.\nThe last runs are in build/runs of the source "
      "folder, or where PACKPROOF_RUNS says.");
  return {.app = app, .run = [options] { return report(*options); }};
}

}  // namespace packproof::harness
