// The runs that a report is made of: any mix of gate runs and benchmark runs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/bench/bench_run.h"
#include "reports/records/record.h"

namespace packproof::reports {

template <class Run>
struct Named {
  std::string name;  // short, for people: "gate", or "h200/gate" where two files have one name
  std::string file;  // the path as given; empty for a run that was never in a file
  Run run;
};

struct RunSet {
  std::vector<Named<RunReport>> gates;
  std::vector<Named<BenchRun>> benches;

  std::size_t size() const { return gates.size() + benches.size(); }
};

// The schema_version of a JSON document, or empty if it is JSON without one. Throws ReportError,
// naming `origin`, when it is not JSON.
std::string schema_of(std::string_view text, const std::string& origin);

// A gate run from its report or its journal. Throws ReportError for a file that cannot be read or
// is neither.
RunReport read_gate_run(const std::string& path);

// Reads each file as what its schema_version says. Throws ReportError for a file that cannot be
// read, is of another schema, or was given twice. Names are made distinct.
RunSet read_runs(std::span<const std::string> paths);

// The same from every *.json directly in a folder, in the order of their start. JSON of another
// schema is passed over; its paths are put into `passed_over`. Throws ReportError for a folder that
// cannot be read, that holds no run, or that holds a broken one.
RunSet read_history(const std::string& folder, std::vector<std::string>& passed_over);

}  // namespace packproof::reports
