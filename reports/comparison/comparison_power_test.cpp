// Whether the rule of change.h tells a slowdown from noise: pairs of runs with noise like that of a
// GPU's timings, each pair of its own seed. decision-compare.md has larger simulations.
#include <gtest/gtest.h>

#include <array>

#include "reports/testing/sample_comparison.h"

namespace packproof::reports {
namespace {

constexpr int kTries = 20;
constexpr std::int64_t kSamples = 30;
constexpr std::array kSigmas = {0.01, 0.015, 0.02, 0.03, 0.04, 0.05};  // a series each

// One of two runs of the same program: `factor` is what the whole run is off by.
BenchRun noisy_run(std::uint64_t seed, std::uint64_t stream, double factor) {
  NoisySamples noise(seed, stream);
  std::vector<BenchRow> rows;
  rows.reserve(kSigmas.size());
  for (const double sigma : kSigmas)
    rows.push_back(sample_row(
        "l2norm:fwd len=" + std::to_string(rows.size() + 1),
        {sample_series("cuda", Clock::events_cold,
                       noise.draw(kSamples, factor * 50, {.sigma = sigma, .late = 0.05}))}));
  return sample_bench_run(std::move(rows));
}

BenchRun first_run(std::uint64_t seed) { return noisy_run(seed, 0, 1); }

// Off by 1 to 2 %, either way.
BenchRun second_run(std::uint64_t seed) {
  NoisySamples drift(seed, 2);
  const double size = 0.01 + 0.01 * drift.uniform();
  return noisy_run(seed, 1, drift.uniform() < 0.5 ? 1 + size : 1 / (1 + size));
}

void slow_down(BenchRow& row, double factor) {
  for (double& sample : row.series[0].samples_us) sample *= factor;
}

std::int64_t count(const BenchRun& before, const BenchRun& after, Change change) {
  return compare_runs({"old.json", before}, {"new.json", after}, {}).count(change);
}

TEST(ComparisonPower, ARunIsTheSameAsItself) {
  for (std::uint64_t seed = 0; seed < kTries; ++seed)
    EXPECT_EQ(count(first_run(seed), first_run(seed), Change::same), std::ssize(kSigmas)) << seed;
}

TEST(ComparisonPower, ARunIsTheSameAsItsRepetition) {
  for (std::uint64_t seed = 0; seed < kTries; ++seed)
    EXPECT_EQ(count(first_run(seed), second_run(seed), Change::same), std::ssize(kSigmas)) << seed;
}

TEST(ComparisonPower, TenPercentInOneSeriesAreFound) {
  for (std::uint64_t seed = 0; seed < kTries; ++seed) {
    BenchRun slowed = second_run(seed);
    slow_down(slowed.rows[seed % slowed.rows.size()], 1.10);
    EXPECT_EQ(count(first_run(seed), slowed, Change::slower), 1) << seed;
    EXPECT_EQ(count(slowed, first_run(seed), Change::faster), 1) << seed;
  }
}

// Both sides in turns on a machine that has two paces, a third apart, each for some samples.
std::array<BenchRun, 2> turns(std::uint64_t seed, double factor) {
  NoisySamples noise(seed, 4);
  std::array<Series, 2> sides = {sample_series("simt", Clock::host, {}),
                                 sample_series("simt", Clock::host, {})};
  double pace = 77;
  for (std::int64_t turn = 0; turn < kSamples; ++turn) {
    if (noise.uniform() < 0.2) pace = pace == 77 ? 105 : 77;
    for (std::size_t side = 0; side < 2; ++side) {
      const double middle = pace * (side == 0 ? 1 : factor);
      sides[side].samples_us.push_back(noise.draw(1, middle, {.sigma = 0.02, .late = 0.05})[0]);
      sides[side].turns.push_back(turn);
    }
  }
  std::array<BenchRun, 2> runs;
  for (std::size_t side = 0; side < 2; ++side) {
    runs[side] = sample_bench_run({sample_row("l2norm:fwd len=1", {sides[side]})});
    runs[side].turns_id = "both";
  }
  return runs;
}

TEST(ComparisonPower, TurnsTellOnAMachineOfTwoPaces) {
  for (std::uint64_t seed = 0; seed < kTries; ++seed) {
    const auto same = turns(seed, 1), slower = turns(seed, 1.1);
    EXPECT_EQ(count(same[0], same[1], Change::same), 1) << seed;
    EXPECT_EQ(count(slower[0], slower[1], Change::slower), 1) << seed;
    EXPECT_EQ(count(slower[1], slower[0], Change::faster), 1) << seed;
  }
}

TEST(ComparisonPower, NoiseIsNotTakenForSameness) {
  for (std::uint64_t seed = 0; seed < kTries; ++seed)
    for (const std::int64_t samples : {5, 30}) {
      NoisySamples noise(seed, 3);
      const auto run = [&] {
        return sample_bench_run({sample_row(
            "l2norm:fwd len=1",
            {sample_series("cuda", Clock::host, noise.draw(samples, 50, {.sigma = 0.3}))})});
      };
      EXPECT_EQ(count(run(), run(), Change::unclear), 1) << seed << " " << samples;
    }
}

}  // namespace
}  // namespace packproof::reports
