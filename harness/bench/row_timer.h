// One row with everything in place to be timed; who takes the samples, and in which turns, is the
// caller's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/bench/bench_plan.h"
#include "harness/candidates/candidate.h"
#include "harness/timing/sampler.h"
#include "reports/bench/bench_run.h"

namespace packproof::harness {

struct TimingOptions {
  Candidate candidate = find_candidate(kDefaultCandidate);  // beside LibTorch on the same device
  int samples = 20;                                         // of each series, at most
  double series_seconds = 0.3;  // about so long for each series; some samples are taken anyway
  // 1.1: each run on the host is followed by idling for a tenth of its own time. Something for
  // `compare` to find.
  double slowdown = 1;
  // Samples are bursts of some milliseconds, of which Subject::rounds make one: see
  // time_in_turns.h.
  bool in_turns = false;

  Device device() const { return candidate.executor->device(); }
};

// Whether a candidate is timed in this row: on the host only in BenchPart::shapes.
bool times_candidate(const PlannedRow& planned, Device device);

// A row that nobody timed: whoever it was to time says why.
reports::BenchRow untimed_row(const PlannedRow& planned, const Candidate& candidate,
                              const std::string& why);

// For a process of its own: it starts CUDA and LibTorch's threads.
class RowTimer {
 public:
  // Prepares the candidate, unless `why_not` says why it may not be timed, and both baselines. Both
  // must outlive it.
  RowTimer(const PlannedRow& planned, const TimingOptions& options, const std::string& why_not);
  ~RowTimer();
  RowTimer(const RowTimer&) = delete;
  RowTimer& operator=(const RowTimer&) = delete;

  std::vector<Subject> subjects() const;

  // The row with these samples of subjects(), in their order; each sample's turn is its place in
  // what was given. Once.
  reports::BenchRow finish(const std::vector<std::vector<double>>& samples);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace packproof::harness
