// Times one row: our kernels, and LibTorch on padded and on packed rows.
#pragma once

#include <string>

#include "harness/timing/bench_plan.h"
#include "reports/bench_run.h"

namespace packproof::harness {

struct TimingOptions {
  BenchDevice device = BenchDevice::host;
  int samples = 20;             // of each series, at most
  double series_seconds = 0.3;  // about so long for each series; some samples are taken anyway
  // 1.1: each run on the host is followed by idling for a tenth of its own time. Something for
  // `compare` to find.
  double slowdown = 1;
};

// Whether our kernels are timed in this row: on the host executor only in BenchPart::shapes.
bool times_candidate(const PlannedRow& planned, BenchDevice device);

// The row with its times; our kernels only if `why_not` does not say why they may not be timed. For
// a process of its own: it starts CUDA and LibTorch's threads.
reports::BenchRow time_row(const PlannedRow& planned, const TimingOptions& options,
                           const std::string& why_not);

}  // namespace packproof::harness
