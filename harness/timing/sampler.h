// Takes samples of several things in turn, by Google Benchmark.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace packproof::harness {

// One thing to time.
struct Subject {
  std::string name;                   // unique among those taken together
  std::function<double()> sample_us;  // takes one sample and gives microseconds
  int samples = 1;
  int rounds = 1;  // in turns with another build: of so many, one gives the sample
};

// The samples of each subject in microseconds, in the order in which they were taken; the subjects
// take turns at random, so that a machine that changes its pace changes it for all. For a process
// that does nothing else: Google Benchmark's flags are the process's own.
std::vector<std::vector<double>> take_samples(const std::vector<Subject>& subjects);

}  // namespace packproof::harness
