// The files that a run leaves behind: --json, --junit, --markdown, --html.
#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "reports/journal.h"
#include "reports/progress.h"
#include "reports/record.h"
#include "reports/summary.h"

namespace packproof::harness {

struct OutputPaths {
  std::string json, junit, markdown, html;
};

void add_output_options(CLI::App& command, OutputPaths& paths);

class GateOutputs {
 public:
  // Throws ReportError now if one of the files cannot be written, not after a long run, or if there
  // is no Chart.js for the HTML.
  GateOutputs(const OutputPaths& paths, const reports::RunReport& run);

  // Journals the record, so that a crash of the run keeps it.
  void add(const reports::Record& record);

  // Writes every file, each whole or not at all, and keeps the run for `packproof report`. Throws
  // ReportError.
  void commit(const reports::RunReport& run, reports::Inconclusive inconclusive);

 private:
  OutputPaths paths_;
  std::string chart_script_;
  std::unique_ptr<reports::Journal> journal_;
};

}  // namespace packproof::harness
