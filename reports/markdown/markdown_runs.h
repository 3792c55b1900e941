// Several runs of any kind as one Markdown text, for a comment on a pull request.
#pragma once

#include <cstddef>
#include <string>

#include "reports/runs/run_set.h"

namespace packproof::reports {

// A line on the whole, then the times of the implementation that the run was made for, in the
// layers of real models: median and its 95 % interval, against the padded baseline and the best
// peer, and the share of the nearer ceiling. What was refused or not timed says why. Rows past
// `most_rows` are only counted.
std::string markdown_bench(const Named<BenchRun>& named, std::size_t most_rows = 60);

// Each gate run as markdown_report has it and each benchmark run as markdown_bench has it, within
// `most_bytes` as far as failures can be left out.
std::string markdown_runs(const RunSet& runs, std::size_t most_bytes = 60000);

}  // namespace packproof::reports
