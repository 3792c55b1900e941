// packproof bench as a user runs it, in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "harness/testing/in_process.h"
#include "harness/testing/program_fixture.h"
#include "reports/bench/bench_csv.h"
#include "reports/bench/bench_run.h"
#include "reports/files/atomic_file.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;

// Few rows and samples, and a file.
class BenchCommand : public testing::Test {
 protected:
  RanInProcess bench(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"bench", "--json", file()};
    for (const auto& [flag, value] :
         {std::pair{"--candidate", "simt"}, {"--samples", "3"}, {"--seconds", "0.01"}})
      if (std::ranges::find(more, flag) == more.end())
        arguments.insert(arguments.end(), {flag, value});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_in_process(arguments);
  }
  std::string file() const { return folder_.file("bench.json"); }

  reports::ScratchFolder folder_;
};

TEST_F(BenchCommand, PrintsRowsAndWritesTheRun) {
  const RanInProcess ran =
      bench({"--filter", "l2norm:fwd*equal", "--filter", "shift_labels*equal", "--tokens", "64"});
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_THAT(ran.output, HasSubstr("l2norm:fwd Qwen3.5-2B TP 8 equal  (64 tokens in 4 segments"));
  EXPECT_THAT(ran.output, HasSubstr("2 rows: 4 series timed, 0 not timed, 0 refused\n"));
  EXPECT_THAT(ran.errors, HasSubstr("2 of 2 pass"));

  const reports::BenchRun written =
      reports::read_bench_json(reports::read_whole_file(file()), file());
  ASSERT_EQ(written.rows.size(), 2U);
  EXPECT_EQ(written.device, "host, one thread");
  EXPECT_THAT(written.command, HasSubstr("bench"));
  EXPECT_FALSE(written.started.empty());
  EXPECT_GT(written.elapsed_s, 0);
  EXPECT_FALSE(written.environment.cpu.empty());
  for (const reports::BenchRow& row : written.rows)
    for (const reports::Series& series : row.series) EXPECT_EQ(series.samples_us.size(), 3U);

  // What it wrote compares with itself: three samples are too few to tell anything.
  EXPECT_EQ(run_in_process({"compare", file(), file()}).exit_code, 0);
}

TEST_F(BenchCommand, WritesATableOfTheSameRows) {
  const std::string csv = folder_.file("bench.csv");
  const RanInProcess ran = bench({"--filter", "l2norm:fwd*equal", "--tokens", "64", "--csv", csv});
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  const reports::BenchRun written =
      reports::read_bench_json(reports::read_whole_file(file()), file());
  EXPECT_EQ(reports::read_whole_file(csv), reports::bench_csv(written));
  EXPECT_EQ(std::ranges::count(reports::read_whole_file(csv), '\n'), 4);
}

TEST_F(BenchCommand, ListsWhatItWouldTime) {
  const auto listed = [](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"bench", "--candidate", "simt", "--list"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const RanInProcess ran = run_in_process(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.errors;
    EXPECT_EQ(ran.errors, "");
    return ran.output;
  };
  EXPECT_EQ(
      listed({"--filter", "l2norm:fwd*equal", "--tokens", "64"}),
      "l2norm:fwd Qwen3.5-2B TP 8 equal\n    l2norm:fwd dtype=bf16 heads=2 len=4*16 seed=1\n");
  const std::string by_words = listed({"-k", "l2norm and not (fwd or giant)"});
  EXPECT_THAT(by_words, HasSubstr("l2norm:bwd Qwen3.5-2B TP 8 equal\n"));
  EXPECT_THAT(by_words, testing::Not(HasSubstr("fwd")));
  EXPECT_THAT(by_words, testing::Not(HasSubstr("giant")));
  EXPECT_THAT(by_words, testing::Not(HasSubstr("conv1d")));
  EXPECT_EQ(listed({"-k", "not bwd", "--filter", "l2norm*equal", "--tokens", "64"}),
            listed({"--filter", "l2norm:fwd*equal", "--tokens", "64"}));
}

TEST_F(BenchCommand, PutsPeersBesideTheirRows) {
  const std::string peers = folder_.file("peers.json");
  reports::write_file_atomically(peers,
                                 R"([{"op": "l2norm", "direction": "fwd", "peer": "fla", "ms": 2.5,
                  "descriptor": "l2norm:fwd heads=2 len=4*16"},
                 {"op": "l2norm", "direction": "fwd", "peer": "fla", "ms": 2.5,
                  "descriptor": "l2norm:fwd heads=3 len=4*16"}])");
  const RanInProcess ran =
      bench({"--filter", "l2norm:fwd*equal", "--tokens", "64", "--peers", peers});
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_THAT(ran.errors, HasSubstr("no row for"));
  const reports::BenchRun written =
      reports::read_bench_json(reports::read_whole_file(file()), file());
  ASSERT_EQ(written.rows.size(), 1U);
  EXPECT_EQ(written.rows[0].series.back().implementation, "fla");
  EXPECT_EQ(written.rows[0].series.back().samples_us, std::vector{2500.0});
}

TEST_F(BenchCommand, TakesTurnsWithAnotherBuild) {
  const std::string other = folder_.file("other.json");
  const RanInProcess ran = bench({"--filter", "l2norm:fwd*equal", "--tokens", "64", "--samples",
                                  "9", "--against", program_path(), "--against-json", other});
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_THAT(ran.errors, HasSubstr("1 of 1 pass in " + program_path()));
  const reports::BenchRun ours = reports::read_bench_json(reports::read_whole_file(file()), file());
  const reports::BenchRun theirs = reports::read_bench_json(reports::read_whole_file(other), other);
  EXPECT_FALSE(ours.turns_id.empty());
  EXPECT_EQ(ours.turns_id, theirs.turns_id);
  EXPECT_EQ(ours.device, theirs.device);
  EXPECT_FALSE(theirs.environment.compiler.empty());
  EXPECT_THAT(theirs.command, HasSubstr(program_path() + " bench-side, for packproof bench"));
  ASSERT_EQ(theirs.rows.size(), 1U);
  const RanInProcess compared = run_in_process({"compare", other, file()});
  EXPECT_THAT(compared.output, HasSubstr("samples of 3 series were taken in turns"));
}

TEST_F(BenchCommand, OneThatIsStoppedHasKeptItsRows) {
  const std::string partial = file() + ".partial";
  const Ran ran = run(program_path() + " bench --candidate simt --filter l2norm:fwd --json " +
                      file() + " >/dev/null & bench=$!; while kill -0 $bench && ! [ -e " + partial +
                      " ]; do sleep 0.01; done; kill $bench; wait $bench");
  EXPECT_EQ(ran.exit_code, 128 + 15) << ran.output;
  EXPECT_EQ(folder_.entries(), 1);
  const reports::BenchRun kept =
      reports::read_bench_json(reports::read_whole_file(partial), partial);
  EXPECT_FALSE(kept.rows.empty());
  EXPECT_EQ(kept.device, "host, one thread");
  EXPECT_FALSE(kept.started.empty());
}

TEST_F(BenchCommand, BadInputIsOneErrorAndLeavesNothing) {
  const std::string broken = folder_.file("broken.json"), absent = folder_.file("absent.json");
  reports::write_file_atomically(broken, R"([{"op": "l2norm_fwd"}])");
  struct Bad {
    std::vector<std::string> arguments;
    std::string said;
  };
  for (const Bad& bad : std::vector<Bad>{{{"--candidate", "smit"}, "smit"},
                                         {{"--candidate", "seeded:none"}, "seeded:none"},
                                         {{"--model", "70B"}, "70B"},
                                         {{"--tp", "3"}, "--tp 3"},
                                         {{"--filter", "no_such_op"}, "no benchmark matches"},
                                         {{"-k", "no_such_op"}, "no benchmark matches"},
                                         {{"-k", "l2norm and"}, "-k 'l2norm and': column 11"},
                                         {{"--list"}, "--list"},  // with --json
                                         {{"--tier", "quickest"}, "quickest"},
                                         {{"--tokens", "3"}, "--tokens"},
                                         {{"--samples", "0"}, "--samples"},
                                         {{"--seconds", "-1"}, "--seconds"},
                                         {{"--seconds", "nan"}, "--seconds"},
                                         {{"--jobs", "0"}, "--jobs"},
                                         {{"--inject-slowdown", "0.5"}, "--inject-slowdown"},
                                         {{"--inject-slowdown", "nan"}, "--inject-slowdown"},
                                         {{"--against", absent}, "--against-json"},
                                         {{"--against-json", absent}, "--against"},
                                         {{"--against", absent, "--against-json", absent}, absent},
                                         {{"--peers", absent}, absent},
                                         {{"--peers", broken}, broken}}) {
    // Short, should it run all the same.
    std::vector<std::string> arguments = bad.arguments;
    if (arguments.front() != "--filter")
      arguments.insert(arguments.end(), {"--filter", "shift_labels"});
    const RanInProcess ran = bench(arguments);
    EXPECT_EQ(ran.exit_code, 2) << bad.said << ran.output;
    EXPECT_THAT(ran.errors, HasSubstr(bad.said));
    // The parser of arguments adds where to find help.
    EXPECT_LE(std::ranges::count(ran.errors, '\n'), 2) << ran.errors;
    EXPECT_EQ(ran.output.substr(0, 200), "");
    EXPECT_EQ(folder_.entries(), 1) << bad.said;  // broken.json
  }
  const RanInProcess nowhere = run_in_process({"bench", "--json", "/proc/none/bench.json"});
  EXPECT_EQ(nowhere.exit_code, 2);
  EXPECT_THAT(nowhere.errors, HasSubstr("/proc/none/bench.json"));
}

}  // namespace
}  // namespace packproof::harness
