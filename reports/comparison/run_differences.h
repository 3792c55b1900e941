// What two benchmark runs differ in besides their times.
#pragma once

#include <string>
#include <vector>

#include "reports/bench/bench_run.h"

namespace packproof::reports {

// Whether times of this clock are of different machines, in words for people: "timed on NVIDIA
// H200, then on NVIDIA H100"; empty if not. A GPU's driver may differ. The host's clock is of the
// CPU, in a run without a GPU also of its threads.
std::string machine_difference(const BenchRun& old_run, const BenchRun& new_run, Clock clock);

// One line for each of device, driver, CPU, compiler, build type, sanitizers, libtorch and CUDA
// that is known of both runs and differs.
std::vector<std::string> run_differences(const BenchRun& old_run, const BenchRun& new_run);

// "SM clock 1980 MHz, then 1605 MHz" where the medians differ by more than 3 %; otherwise empty.
std::string sm_clock_difference(const Series& old_series, const Series& new_series);

// "'old.json' has 12 series of causal_conv1d:fwd, l2norm:fwd by cuda, fla"
std::string contents_of(const BenchRun& run, const std::string& origin);

}  // namespace packproof::reports
