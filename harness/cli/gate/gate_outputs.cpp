#include "harness/cli/gate/gate_outputs.h"

#include <functional>

#include "harness/cli/options/option_checks.h"
#include "harness/cli/outputs/failing_cases.h"
#include "harness/cli/outputs/run_folder.h"
#include "harness/cli/terminal/attempt.h"
#include "harness/cli/terminal/standard_streams.h"
#include "harness/environment/environment.h"
#include "reports/files/atomic_file.h"
#include "reports/gate/json_report.h"
#include "reports/gate/junit_report.h"
#include "reports/html/html_report.h"
#include "reports/markdown/markdown_report.h"

namespace packproof::harness {
namespace {

std::string html_of(const reports::RunReport& run, const std::string& json_path,
                    const std::string& chart_script) {
  reports::HtmlInput input{.case_file = case_file_of, .made = now_as_text()};
  input.runs.gates.push_back({.name = "gate", .file = json_path, .run = run});
  return reports::html_report(input, chart_script);
}

}  // namespace

void add_output_options(CLI::App& command, OutputPaths& paths) {
  const auto add = [&](const char* name, std::string& path, const char* help) {
    command.add_option(name, path, help)->type_name("FILE")->check(output_file());
  };
  add("--json", paths.json, "write all records as JSON; FILE.partial while it runs");
  add("--junit", paths.junit, "write JUnit XML");
  add("--markdown", paths.markdown, "write a summary for a pull request");
  add("--html", paths.html, "write one HTML file, as packproof report does");
}

GateOutputs::GateOutputs(const OutputPaths& paths, const reports::RunReport& run,
                         const reports::JournalStart& start)
    : paths_(paths) {
  expect_distinct({{"--json", paths.json},
                   {"--json's journal", paths.json.empty() ? "" : paths.json + ".partial"},
                   {"--junit", paths.junit},
                   {"--markdown", paths.markdown},
                   {"--html", paths.html}});
  for (const std::string& path : {paths.json, paths.junit, paths.markdown, paths.html})
    if (!path.empty()) reports::require_writable(path);
  if (!paths.html.empty()) chart_script_ = reports::chart_library();
  if (!paths.json.empty()) journal_ = std::make_unique<reports::Journal>(paths.json, run, start);
}

void GateOutputs::add(const reports::Record& record) {
  if (!journal_ || journal_failed_) return;
  journal_failed_ = !attempted([&] { journal_->append(record); });
  if (journal_failed_) say("the run goes on without its journal");
}

bool GateOutputs::commit(const reports::RunReport& run, reports::Inconclusive inconclusive) {
  bool all_written = true;
  const auto write = [&](const std::string& path, const std::function<std::string()>& text) {
    if (path.empty()) return;
    all_written &= attempted([&] { reports::write_file_atomically(path, text()); });
  };
  write(paths_.junit, [&] { return reports::junit_report(run, inconclusive); });
  write(paths_.markdown, [&] { return reports::markdown_report(run, inconclusive); });
  write(paths_.html, [&] { return html_of(run, paths_.json, chart_script_); });
  if (keep_last_run(kGateRun, reports::json_report(run)))
    kept_in_ = run_folder() + "/" + std::string(kGateRun);
  if (journal_) {
    const bool has_journal = !reports::is_special_file(paths_.json);
    const bool written = attempted([&] { journal_->commit(run); });
    if (has_journal) kept_in_ = written ? paths_.json : journal_->partial_path();
    all_written &= written;
  }
  return all_written;
}

}  // namespace packproof::harness
