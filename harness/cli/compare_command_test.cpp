// packproof compare as a user runs it, in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/testing/in_process.h"
#include "reports/files/atomic_file.h"
#include "reports/testing/sample_comparison.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::harness {
namespace {

using reports::BenchRun;
using reports::Clock;
using testing::HasSubstr;

RanInProcess compare(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "compare");
  return run_in_process(std::move(arguments));
}

// A run of two series with 2 % of noise.
BenchRun noisy_run(std::int64_t samples = 30) {
  reports::NoisySamples noise(3, 1);
  const auto series = [&](double middle_us) {
    return reports::sample_series("cuda", Clock::events_cold, noise.draw(samples, middle_us));
  };
  return reports::sample_bench_run({reports::sample_row("l2norm:fwd len=1", {series(40)}),
                                    reports::sample_row("l2norm:fwd len=2", {series(900)})});
}

class CompareCommand : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    reports::write_file_atomically(folder_.file(name), text);
    return folder_.file(name);
  }
  std::string write(const std::string& name, const BenchRun& run) const {
    return write(name, reports::bench_json(run));
  }

  reports::ScratchFolder folder_;
};

TEST_F(CompareCommand, OfARunWithItselfIsTheSame) {
  const std::string path = write("run.json", noisy_run());
  const RanInProcess ran = compare({path, path, "--strict"});
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_THAT(ran.output, HasSubstr("\n2 series: 2 same\n"));
}

TEST_F(CompareCommand, ASlowdownOfTenPercentIsExitCode3) {
  BenchRun slowed = noisy_run();
  for (double& sample : slowed.rows[1].series[0].samples_us) sample *= 1.10;
  const std::string before = write("old.json", noisy_run()), after = write("new.json", slowed);
  const RanInProcess ran = compare(
      {before, after, "--json", folder_.file("out.json"), "--markdown", folder_.file("out.md")});
  EXPECT_EQ(ran.exit_code, 3) << ran.errors;
  EXPECT_THAT(ran.output, HasSubstr("\n2 series: 1 slower, 1 same\n"));
  const auto json = nlohmann::json::parse(reports::read_whole_file(folder_.file("out.json")));
  EXPECT_EQ(json["counts"]["slower"], 1);
  EXPECT_THAT(reports::read_whole_file(folder_.file("out.md")), HasSubstr("| slower |"));

  EXPECT_EQ(compare({after, before, "--strict"}).exit_code, 0);  // faster
  EXPECT_EQ(compare({before, after, "--threshold", "0.2"}).exit_code, 0);
}

TEST_F(CompareCommand, WhatIsUnclearFailsOnlyUnderStrict) {
  const std::string path = write("run.json", noisy_run(4));
  EXPECT_EQ(compare({path, path}).exit_code, 0);
  EXPECT_EQ(compare({path, path, "--strict"}).exit_code, 4);
}

TEST_F(CompareCommand, ALostSeriesFailsUnderStrict) {
  BenchRun lost = noisy_run();
  lost.rows[0].series[0].state = reports::SeriesState::not_timed;
  lost.rows[0].series[0].detail = "mismatch";
  const std::string before = write("old.json", noisy_run()), after = write("new.json", lost);
  const RanInProcess ran = compare({before, after, "--strict"});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.output, HasSubstr("not comparable: the new run has it not timed (mismatch)"));
}

TEST_F(CompareCommand, ARowThatIsGoneOrRenamedFailsUnderStrict) {
  BenchRun gone = noisy_run(), renamed = noisy_run();
  gone.rows.pop_back();
  renamed.rows[1].descriptor += " seed=9";
  const std::string before = write("old.json", noisy_run());
  for (const BenchRun& run : {gone, renamed}) {
    const std::string after = write("new.json", run);
    const RanInProcess ran = compare({before, after, "--strict"});
    EXPECT_EQ(ran.exit_code, 4) << ran.output;
    EXPECT_THAT(ran.output, HasSubstr("\nmissing from the new run: 1 series: l2norm:fwd len=2 "));
    EXPECT_EQ(compare({before, after}).exit_code, 0);
  }
  EXPECT_EQ(compare({write("new.json", gone), before, "--strict"}).exit_code, 0);  // one more
}

TEST_F(CompareCommand, ChangedLeavesOutWhatIsTheSame) {
  BenchRun slowed = noisy_run();
  for (double& sample : slowed.rows[1].series[0].samples_us) sample *= 1.10;
  const std::string before = write("old.json", noisy_run()), after = write("new.json", slowed);
  const RanInProcess ran = compare({before, after, "--changed"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.output, HasSubstr("len=2"));
  EXPECT_THAT(ran.output, testing::Not(HasSubstr("len=1")));
  EXPECT_THAT(compare({before, before, "--changed"}).output,
              testing::MatchesRegex("old: [^\n]*\nnew: [^\n]*\n2 series: 2 same\n"));
}

TEST_F(CompareCommand, OtherDevicesAreComparedOnlyWhenAsked) {
  BenchRun elsewhere = noisy_run();
  elsewhere.device = "NVIDIA H100, driver 580.1";
  const std::string before = write("old.json", noisy_run()), after = write("new.json", elsewhere);
  const RanInProcess ran = compare({before, after});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.errors, HasSubstr("NVIDIA H200, then on NVIDIA H100; give --across-machines"));
  EXPECT_EQ(compare({before, after, "--across-machines"}).exit_code, 0);
}

TEST_F(CompareCommand, BadInputIsOneErrorAndLeavesNothing) {
  const std::string good = write("run.json", noisy_run()), bad = write("bad.json", "garbage");
  const std::string out = folder_.file("out.json");
  BenchRun other = noisy_run();
  for (reports::BenchRow& row : other.rows) row.descriptor += " seed=9";
  for (const std::string& second : {bad, folder_.file("absent.json"), write("other.json", other)}) {
    const RanInProcess ran = compare({good, second, "--json", out});
    EXPECT_EQ(ran.exit_code, 2) << ran.output;
    EXPECT_THAT(ran.errors, HasSubstr(second));
    EXPECT_EQ(ran.output, "");
    EXPECT_FALSE(std::filesystem::exists(out));
  }
  EXPECT_EQ(compare({good}).exit_code, 2);
  for (const char* threshold : {"0", "nan", "-nan", "inf"})
    EXPECT_EQ(compare({good, good, "--threshold", threshold}).exit_code, 2) << threshold;
  EXPECT_EQ(compare({good, good, "--json", "/absent/out.json"}).exit_code, 2);
}

}  // namespace
}  // namespace packproof::harness
