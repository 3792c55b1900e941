// The files that a run leaves behind: --json, --junit, --markdown, --html.
#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "reports/gate/journal.h"
#include "reports/gate/progress.h"
#include "reports/records/record.h"
#include "reports/records/summary.h"

namespace packproof::harness {

struct OutputPaths {
  std::string json, junit, markdown, html;
};

void add_output_options(CLI::App& command, OutputPaths& paths);

class GateOutputs {
 public:
  // Throws ReportError now if one of the files cannot be written, not after a long run, or if there
  // is no Chart.js for the HTML.
  GateOutputs(const OutputPaths& paths, const reports::RunReport& run,
              const reports::JournalStart& start = {});

  // Journals the record, so that a crash of the run keeps it. Where it cannot, says so once, and
  // the run goes on.
  void add(const reports::Record& record);

  // Writes every file that can be written, each whole or not at all, and keeps the run for
  // `packproof report`. False, after saying which, if one could not be written.
  bool commit(const reports::RunReport& run, reports::Inconclusive inconclusive);

  // After commit: the file that --resume takes; empty if the run was kept nowhere.
  const std::string& kept_in() const { return kept_in_; }

 private:
  OutputPaths paths_;
  std::string chart_script_;
  std::unique_ptr<reports::Journal> journal_;
  bool journal_failed_ = false;
  std::string kept_in_;
};

}  // namespace packproof::harness
