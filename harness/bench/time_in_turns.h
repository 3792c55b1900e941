// Times one row of two builds, sample by sample in turns: what slows the machine for a while slows
// both, and their samples can be compared in pairs.
#pragma once

#include <optional>
#include <string>

#include "harness/bench/other_build.h"
#include "harness/bench/row_timer.h"
#include "reports/bench/bench_run.h"

namespace packproof::harness {

struct TimedRow {
  reports::BenchRow ours;
  std::optional<reports::BenchRow> theirs;  // of the other build, where there is one
};

// As time_row, with the same row of `other`, whose kernels are not timed where `their_why_not` says
// why. On hosts a turn is some rounds of a burst of each side, in random order, and the samples are
// the bursts of its typical round (see turn.h). On a GPU a turn is one run of each. A side that
// fails says so in its own row and leaves the other to itself.
TimedRow time_in_turns(const PlannedRow& planned, const TimingOptions& options,
                       const std::string& why_not, OtherBuild& other,
                       const std::string& their_why_not);

}  // namespace packproof::harness
