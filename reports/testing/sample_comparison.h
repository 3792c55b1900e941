// Benchmark runs with known noise, for the tests of reports/ and of the program.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cases/core/philox.h"
#include "reports/comparison/comparison.h"

namespace packproof::reports {

// What samples are drawn from: lognormal, with a tail of late ones as a busy host makes them.
struct Noise {
  double sigma = 0.02;  // of the logarithm
  double late = 0.05;   // share of samples that take half as long again, on average
};

// The same on every run; streams are independent.
class NoisySamples {
 public:
  NoisySamples(std::uint64_t seed, std::uint64_t stream) : random_(seed, stream) {}

  std::vector<double> draw(std::int64_t count, double middle_us, Noise noise = {}) {
    std::vector<double> samples;
    samples.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
      double sample = middle_us * std::exp(noise.sigma * normal());
      if (uniform() < noise.late) sample *= 1 - 0.5 * std::log(1 - uniform());
      samples.push_back(sample);
    }
    return samples;
  }

  double uniform() { return random_.next() / 4294967296.0; }

 private:
  // By the method of Box and Muller.
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

  PhiloxSequence random_;
};

inline Series sample_series(std::string implementation, Clock clock, std::vector<double> samples) {
  return {.implementation = std::move(implementation),
          .clock = clock,
          .samples_us = std::move(samples)};
}

inline BenchRow sample_row(const std::string& descriptor, std::vector<Series> series) {
  return {
      .op = "l2norm", .direction = "fwd", .descriptor = descriptor, .series = std::move(series)};
}

inline BenchRun sample_bench_run(std::vector<BenchRow> rows) {
  return {.environment = {.commit = "abc1234", .build_type = "Release", .cpu = "Xeon"},
          .device = "NVIDIA H200, driver 580.1",
          .command = "packproof bench",
          .started = "2026-01-02T03:04:05Z",
          .rows = std::move(rows)};
}

// A comparison with every change in it.
inline Comparison sample_comparison() {
  NoisySamples noise(1, 1);
  const auto times = [&](double middle_us) { return noise.draw(30, middle_us); };
  constexpr Clock kCold = Clock::events_cold;
  Series refused = sample_series("padded LibTorch", kCold, {});
  refused.state = SeriesState::refused;
  refused.detail = "faster than a copy | 12 GB/s";
  BenchRun before = sample_bench_run({
      sample_row("l2norm:fwd len=1",
                 {sample_series("cuda", kCold, times(100)), sample_series("fla", kCold, times(100)),
                  sample_series("padded LibTorch", kCold, times(300))}),
      sample_row("l2norm:fwd len=2", {sample_series("cuda", kCold, times(2000)),
                                      sample_series("fla", kCold, {100, 101, 102})}),
      sample_row("l2norm:fwd len=3", {sample_series("cuda", kCold, times(50))}),
  });
  BenchRun after = sample_bench_run({
      sample_row("l2norm:fwd len=1", {sample_series("cuda", kCold, times(100)),
                                      sample_series("fla", kCold, times(120)), refused}),
      sample_row("l2norm:fwd len=2", {sample_series("cuda", kCold, times(1600)),
                                      sample_series("fla", kCold, {100, 101, 102})}),
      sample_row("l2norm:fwd len=4", {sample_series("cuda", kCold, times(50))}),
  });
  after.environment.build_type = "Debug";
  return compare_runs({"old.json", before}, {"new.json", after}, {});
}

}  // namespace packproof::reports
