#include "harness/timing/sampler.h"

#include <array>
#include <map>
#include <stdexcept>

#include <benchmark/benchmark.h>

namespace packproof::harness {
namespace {

// Keeps what other reporters print.
class Collector final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) throw std::runtime_error(run.error_message);
      if (run.run_type == Run::RT_Iteration)
        samples_us[run.run_name.function_name].push_back(run.GetAdjustedRealTime());
    }
  }

  std::map<std::string, std::vector<double>> samples_us;
};

void register_subject(const Subject& subject) {
  benchmark::RegisterBenchmark(subject.name.c_str(),
                               [&](benchmark::State& state) {
                                 for (auto _ : state)
                                   state.SetIterationTime(subject.sample_us() * 1e-6);
                               })
      ->Iterations(1)
      ->UseManualTime()
      ->Repetitions(subject.samples)
      ->Unit(benchmark::kMicrosecond);
}

// Once a process: flags can be given in no other way.
void interleave() {
  static const bool done = [] {
    std::array<std::string, 2> words = {"packproof", "--benchmark_enable_random_interleaving=true"};
    std::array<char*, 3> arguments = {words[0].data(), words[1].data(), nullptr};
    int count = 2;
    benchmark::Initialize(&count, arguments.data());
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

std::vector<std::vector<double>> take_samples(const std::vector<Subject>& subjects) {
  interleave();
  benchmark::ClearRegisteredBenchmarks();
  for (const Subject& subject : subjects) register_subject(subject);
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  benchmark::ClearRegisteredBenchmarks();
  std::vector<std::vector<double>> samples;
  samples.reserve(subjects.size());
  for (const Subject& subject : subjects)
    samples.push_back(std::move(collector.samples_us[subject.name]));
  return samples;
}

}  // namespace packproof::harness
