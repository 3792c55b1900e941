// Takes samples of several things in turn, by Google Benchmark.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace packproof::harness {

// One thing to time. Google Benchmark calls `run`, or takes the times that `sample_us` measured.
struct Subject {
  std::string name;  // unique among those taken together
  // Timed by the CPU time of this thread, in which others that use the machine do not show, as
  // often in a row as `seconds_a_sample` needs; a sample is the mean.
  std::function<void()> run;
  double seconds_a_sample = 0;
  // Or: measures one run by itself and gives microseconds.
  std::function<double()> sample_us;
  int samples = 1;
};

// The samples of each subject in microseconds, in the order in which they were taken; the subjects
// take turns at random, so that a machine that changes its pace changes it for all. For a process
// that does nothing else: Google Benchmark's flags are the process's own.
std::vector<std::vector<double>> take_samples(const std::vector<Subject>& subjects);

}  // namespace packproof::harness
