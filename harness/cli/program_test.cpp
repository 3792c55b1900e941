#include "harness/testing/program_fixture.h"

namespace packproof::harness {

std::string program_path() { return PACKPROOF_PROGRAM; }

namespace {

using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

TEST_F(ProgramTest, BadInputIsOneClearErrorAndExitCode2) {
  expect_usage_error(packproof("repro 'sequense_index len=3'"), "sequence_index");
  expect_usage_error(packproof("repro 'sequence_index lenght=3'"), "lenght");
  expect_usage_error(packproof("repro 'causal_conv1d dtype=bf61 len=3'"), "bf61");
  expect_usage_error(packproof("repro 'sequence_index len=3' --candidate smit"), "smit");
  expect_usage_error(packproof("repro 'sequence_index len=3' --candidate seeded:none"), "none");
  expect_usage_error(packproof("repro 'sequence_index len=2147483647,1'"), "2147483647");
  expect_usage_error(packproof("repro 'sequence_index cu_seqlens=0,5,3 cap=5'"), "cu_seqlens");
  expect_usage_error(packproof("repro 'sequence_index len=5 cap=4'"), "cap");
  expect_usage_error(packproof("repro nowhere/case.json"), "nowhere/case.json");
  expect_usage_error(packproof("gate --batch nowhere.txt"), "nowhere.txt");
  expect_usage_error(packproof("gate --known-bugs nowhere.txt"), "nowhere.txt");
  expect_usage_error(packproof("gate --filter no_such_op"), "no_such_op");
  expect_usage_error(packproof("gate --shard 3/2"), "3/2");
  expect_usage_error(packproof("gate --tier quickest"), "quickest");
  expect_usage_error(packproof("gate --no-such-flag"), "--no-such-flag");
  expect_usage_error(packproof(""), "no command is given");
}

TEST_F(ProgramTest, ABrokenCaseFileNamesItsPlace) {
  write("torn.json", "{\"schema\": \"packproof.case/1\", \"op\":");
  expect_usage_error(packproof("repro " + path("torn.json")), "torn.json");
  write("field.json",
        R"({"schema": "packproof.case/1", "op": "sequence_index", "len": "3", "lnegth": 4})");
  expect_usage_error(packproof("repro " + path("field.json")), "lnegth");
  expect_usage_error(packproof("repro " + folder_.path() + "/.json"), ".json");
}

TEST_F(ProgramTest, AnUnwritableReportIsFoundBeforeTheRun) {
  const Ran gate = packproof("gate --filter 'sequence_index*' --json /proc/none/report.json");
  expect_usage_error(gate, "/proc/none/report.json");
  EXPECT_THAT(gate.output, Not(HasSubstr("pass")));
}

TEST_F(ProgramTest, GatePassesAndLeavesWholeReports) {
  const Ran gate = packproof("gate --filter 'sequence_index*' --json " + path("r.json") +
                             " --junit " + path("r.xml") + " --markdown " + path("r.md"));
  EXPECT_EQ(gate.exit_code, 0) << gate.output;
  EXPECT_THAT(files(), testing::UnorderedElementsAre("r.json", "r.xml", "r.md"));
  EXPECT_THAT(read("r.md"), HasSubstr("sequence\\_index:fwd"));

  const Ran valid = run(PACKPROOF_PYTHON " " PACKPROOF_SOURCE_DIR
                                         "/reports/testing/validate_json.py " PACKPROOF_SOURCE_DIR
                                         "/reports/schema/packproof.report-1.schema.json " +
                        path("r.json"));
  EXPECT_EQ(valid.exit_code, 0) << valid.output;
  const Ran parsed = run(
      PACKPROOF_PYTHON " " PACKPROOF_SOURCE_DIR "/reports/testing/parse_junit.py " + path("r.xml"));
  EXPECT_EQ(parsed.exit_code, 0) << parsed.output;
}

TEST_F(ProgramTest, ASeededBugFailsTheGateAndItsReproLineRepeatsIt) {
  const Ran gate =
      packproof("gate --candidate seeded:transformers-46588 --save-failing " + path("failing"));
  EXPECT_EQ(gate.exit_code, 1) << gate.output;
  const std::size_t from = gate.output.find("packproof repro ");
  ASSERT_NE(from, std::string::npos) << gate.output;
  const std::string line = gate.output.substr(from, gate.output.find('\n', from) - from);
  const Ran again = packproof(line.substr(std::string("packproof ").size()));
  EXPECT_EQ(again.exit_code, 1) << line << "\n" << again.output;
  EXPECT_THAT(again.output, HasSubstr("leak across a boundary"));

  // The saved case file is the same case.
  const fs::path saved = *fs::directory_iterator(path("failing"));
  EXPECT_EQ(
      packproof("repro " + saved.string() + " --candidate seeded:transformers-46588").exit_code, 1);
  EXPECT_EQ(packproof("repro " + saved.string()).exit_code, 0);
}

// Catches: a schedule that is read and then not used, not reported, or lost in the repro line.
TEST_F(ProgramTest, SchedulesAreRunReportedAndRepeated) {
  for (const char* schedule : {"race", "race:1", "random:5", "default"}) {
    const Ran gate = packproof("gate --filter 'chunk_offsets*' --schedule " +
                               std::string(schedule) + " --json " + path("r.json"));
    EXPECT_EQ(gate.exit_code, 0) << gate.output;
    const std::string name = std::string(schedule) == "race" ? "race:1" : schedule;
    EXPECT_THAT(read("r.json"), HasSubstr("\"schedule\": \"" + name + "\""));
  }
  const std::string seeded = "--candidate seeded:transformers-46588 ";
  const Ran gate = packproof("gate --fail-fast --schedule random:5 " + seeded);
  EXPECT_EQ(gate.exit_code, 1) << gate.output;
  EXPECT_THAT(gate.output, HasSubstr("schedule   random:5\n"));
  EXPECT_THAT(gate.output, HasSubstr("'seeded:transformers-46588' --schedule random:5\n"));
}

TEST_F(ProgramTest, BadSchedulesAreUsageErrors) {
  for (const char* wrong : {"random", "random:", "random:x", "race:-1", "race:1x", "fast",
                            "random:18446744073709551616"})
    expect_usage_error(packproof("gate --schedule " + std::string(wrong)),
                       std::string("--schedule ") + wrong + " is not default, random:SEED");
  expect_usage_error(packproof("repro 'sequence_index len=3' --schedule rice"), "rice");
  expect_usage_error(packproof("gate --candidate cuda --schedule random:1"), "--candidate simt");
}

TEST_F(ProgramTest, KnownBugsDoNotFailTheGate) {
  write("known.txt", "causal_conv1d* # transformers#46588\n");
  EXPECT_EQ(
      packproof("gate --candidate seeded:transformers-46588 --known-bugs " + path("known.txt"))
          .exit_code,
      0);
  write("reasonless.txt", "causal_conv1d*\n");
  expect_usage_error(packproof("gate --known-bugs " + path("reasonless.txt")), "reason");
}

TEST_F(ProgramTest, ShardsPartitionTheCases) {
  const auto lines = [](const std::string& arguments) {
    std::vector<std::string> all;
    std::istringstream text(packproof("list " + arguments).output);
    for (std::string line; std::getline(text, line);) all.push_back(line);
    return all;
  };
  std::vector<std::string> together;
  for (const char* shard : {"1/3", "2/3", "3/3"})
    for (const std::string& line : lines(std::string("--shard ") + shard)) together.push_back(line);
  EXPECT_THAT(together, testing::UnorderedElementsAreArray(lines("")));
}

TEST_F(ProgramTest, GenWritesCaseFilesThatRun) {
  EXPECT_EQ(packproof("gen --filter 'sequence_index*' --out " + path("cases")).exit_code, 0);
  const Ran one = packproof("gen 'sequence_index len=5,3' > " + path("one.json"));
  EXPECT_EQ(one.exit_code, 0) << one.output;
  EXPECT_EQ(packproof("repro " + path("one.json")).exit_code, 0);
  EXPECT_EQ(packproof("gen --tier quick").exit_code, 2);  // many cases, nowhere to put them
}

TEST_F(ProgramTest, BatchRunsTheDescriptorsInAFile) {
  write("batch.txt", "# two cases\nsequence_index len=4\n\nsequence_index len=0,2\n");
  const Ran gate = packproof("gate --batch " + path("batch.txt") + " --json " + path("r.json"));
  EXPECT_EQ(gate.exit_code, 0) << gate.output;
  write("bad.txt", "sequence_index len=4\nsequence_index len=x\n");
  expect_usage_error(packproof("gate --batch " + path("bad.txt")), "bad.txt:2");
}

TEST_F(ProgramTest, DoctorAndListAnswer) {
  EXPECT_EQ(packproof("doctor").exit_code, 0);
  EXPECT_THAT(packproof("list bugs").output, HasSubstr("seeded:twinkle-186-c"));
  EXPECT_THAT(packproof("list ops").output, HasSubstr("causal_conv1d :fwd :bwd"));
  EXPECT_EQ(packproof("--help").exit_code, 0);
  EXPECT_EQ(packproof("--version").exit_code, 0);
}

TEST_F(ProgramTest, EverySeededBugIsCaughtWhereItIs) {
  const Ran selftest = packproof("selftest");
  EXPECT_EQ(selftest.exit_code, 0) << selftest.output;
}

}  // namespace
}  // namespace packproof::harness
