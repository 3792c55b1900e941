#include "harness/cli/gate_outputs.h"

#include "reports/atomic_file.h"
#include "reports/junit_report.h"
#include "reports/markdown_report.h"

namespace packproof::harness {

void add_output_options(CLI::App& command, OutputPaths& paths) {
  command.add_option("--json", paths.json, "write all records as JSON; FILE.partial while it runs")
      ->type_name("FILE");
  command.add_option("--junit", paths.junit, "write JUnit XML")->type_name("FILE");
  command.add_option("--markdown", paths.markdown, "write a summary for a pull request")
      ->type_name("FILE");
}

GateOutputs::GateOutputs(const OutputPaths& paths, const reports::RunReport& run) : paths_(paths) {
  for (const std::string& path : {paths.json, paths.junit, paths.markdown})
    if (!path.empty()) reports::require_writable(path);
  if (!paths.json.empty()) journal_ = std::make_unique<reports::Journal>(paths.json, run);
}

void GateOutputs::add(const reports::Record& record) {
  if (journal_) journal_->append(record);
}

void GateOutputs::commit(const reports::RunReport& run, reports::Inconclusive inconclusive) {
  if (!paths_.junit.empty())
    reports::write_file_atomically(paths_.junit, reports::junit_report(run, inconclusive));
  if (!paths_.markdown.empty())
    reports::write_file_atomically(paths_.markdown, reports::markdown_report(run, inconclusive));
  if (journal_) journal_->commit(run);
}

}  // namespace packproof::harness
