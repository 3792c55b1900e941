// What gate runs and says under its options, as a user sees it.
#include <algorithm>
#include <string>

#include "harness/testing/program_fixture.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class GateOptionsTest : public ProgramTest {
 protected:
  // With a bug that some cases of causal_conv1d show and none of sequence_index.
  Ran gate(const std::string& more) const {
    return packproof(
        "gate --candidate seeded:transformers-46588 --filter 'causal_conv1d:fwd dtype=fp32*' " +
        more);
  }
};

TEST_F(GateOptionsTest, LastFailedRunsWhatFailedAndAllIfNothingDid) {
  EXPECT_EQ(packproof("gate --lf").exit_code, 2);  // there was no run
  const Ran first = gate("-q");
  EXPECT_EQ(first.exit_code, 1) << first.output;
  const Ran again = packproof("gate --lf -v --candidate seeded:transformers-46588");
  EXPECT_EQ(again.exit_code, 1) << again.output;
  EXPECT_THAT(again.output, Not(HasSubstr("\nPASS   ")));
  EXPECT_THAT(again.output, HasSubstr("FAIL  causal_conv1d:fwd"));
  EXPECT_EQ(packproof("gate --lf").exit_code, 0);  // the healthy kernels pass them
  const Ran all = packproof("gate --lf --filter 'sequence_index*'");
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_THAT(all.output, HasSubstr("--lf runs all"));
}

TEST_F(GateOptionsTest, FailedFirstPutsThemFirst) {
  gate("-q");
  const Ran again = gate("--ff -x -q --jobs 1");
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.output, HasSubstr("FAIL  1 case: 1 mismatch"));
}

TEST_F(GateOptionsTest, MaxfailStopsAfterSoMany) {
  const Ran ran = gate("--maxfail 2 --jobs 1 -q");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.output, HasSubstr(": "));
  EXPECT_THAT(ran.output, HasSubstr("2 mismatch"));
  EXPECT_EQ(packproof("gate --maxfail 2 -x").exit_code, 2);
}

TEST_F(GateOptionsTest, QuietAndVerboseDifferInWhatIsToldOnTheWay) {
  const std::string cases = "gate --filter 'sequence_index*' ";
  EXPECT_THAT(packproof(cases + "-q").output, StartsWith("PASS  "));
  EXPECT_THAT(packproof(cases + "-v").output, HasSubstr("sequence_index:fwd len="));
  EXPECT_THAT(packproof(cases).output, Not(HasSubstr("sequence_index:fwd len=")));
  EXPECT_EQ(packproof(cases + "-q -v").exit_code, 2);
  EXPECT_THAT(gate("-q").output, Not(HasSubstr("      tensor ")));
  EXPECT_THAT(gate("").output, HasSubstr("      tensor "));
  EXPECT_THAT(packproof(cases + "--color always").output, HasSubstr("\x1b[32mPASS"));
  EXPECT_THAT(packproof(cases + "--color never").output, Not(HasSubstr("\x1b")));
}

TEST_F(GateOptionsTest, DurationsNamesTheSlowest) {
  const Ran ran = packproof("gate --filter 'sequence_index*' --durations 2");
  const std::size_t from = ran.output.find("slowest:\n");
  ASSERT_NE(from, std::string::npos) << ran.output;
  const std::string text = ran.output.substr(from);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4) << text;
}

// A log's last line is what is looked at first.
TEST_F(GateOptionsTest, TheVerdictIsTheLastLine) {
  write("known.txt", "sequence_index* # mended long ago\n");
  const std::string cases = "gate --filter 'sequence_index*' --durations 1 --json ";
  const std::vector<std::string> commands = {
      cases + path("r.json"),
      cases + path("r.json") + " --known-bugs " + path("known.txt"),
      "gate 'sequence_index len=3' --shard 2/2 --json " + path("2.json"),
      "gate 'sequence_index len=3' --shard 1/2 --json " + path("1.json"),
      "gate --durations 1 --merge " + path("1.json") + " " + path("2.json"),
  };
  for (const std::string& command : commands) {
    const Ran ran = packproof(command);
    EXPECT_EQ(ran.exit_code, 0) << ran.output;
    const std::size_t newline = ran.output.rfind('\n', ran.output.size() - 2);
    EXPECT_THAT(ran.output.substr(newline + 1), testing::MatchesRegex("(PASS|NOTHING RAN)  .*\n"))
        << command;
    EXPECT_EQ(ran.output.find("slowest:") != std::string::npos,
              command.find("--durations") != std::string::npos)
        << command;
  }
}

TEST_F(GateOptionsTest, WordsChooseCases) {
  const Ran listed = packproof("list -k 'l2norm and bwd and not (fp16 or fp32)'");
  EXPECT_THAT(listed.output, StartsWith("l2norm:bwd dtype=bf16"));
  EXPECT_THAT(listed.output, Not(HasSubstr("fp16")));
  expect_usage_error(packproof("gate -k 'l2norm and'"), "column 11");
  expect_usage_error(packproof("gate -k nothing_like_it"), "matches no case");
}

TEST_F(GateOptionsTest, AKnownBugThatDoesNotFailIsStaleWhereItRan) {
  write("known.txt", "sequence_index* # mended long ago\ncausal_conv1d* # another shard's\n");
  const std::string cases = "gate --filter 'sequence_index*' --known-bugs " + path("known.txt");
  const Ran usual = packproof(cases);
  EXPECT_EQ(usual.exit_code, 0);
  EXPECT_THAT(usual.output, HasSubstr("known bug 'sequence_index*' did not fail"));
  EXPECT_THAT(usual.output, Not(HasSubstr("causal_conv1d*")));
  EXPECT_EQ(packproof(cases + " --strict").exit_code, 4);
  const Ran failing =
      gate("--strict --known-bugs " + path("known.txt") + " --junit " + path("run.xml"));
  EXPECT_EQ(failing.exit_code, 0) << failing.output;
  EXPECT_THAT(failing.output, HasSubstr("another shard's; y["));
  EXPECT_THAT(read("run.xml"), HasSubstr("another shard"));
}

}  // namespace
}  // namespace packproof::harness
