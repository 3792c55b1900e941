// The files that packproof bench leaves behind.
#pragma once

#include <chrono>
#include <string>

#include "harness/bench/bench.h"

namespace packproof::harness {

struct BenchPaths {
  std::string json, csv;              // or empty
  std::string against, against_json;  // the other build's program and file, or empty
};

class BenchOutputs {
 public:
  // The run begins now. Throws ReportError where a file could not be written.
  explicit BenchOutputs(BenchPaths paths);

  // The rows so far, as FILE.partial beside each file: a run like any other, should this one not
  // come to its end. Throws ReportError.
  void keep(const BenchRuns& runs) const;
  // The files themselves, and what `packproof report` takes without arguments. Throws ReportError,
  // and then leaves the partial files.
  void commit(const BenchRuns& runs) const;

 private:
  // Writes to each path with `suffix`; gives our run as JSON.
  std::string write(BenchRuns runs, const std::string& suffix) const;

  BenchPaths paths_;
  std::chrono::steady_clock::time_point begin_;
  std::string started_;
};

}  // namespace packproof::harness
