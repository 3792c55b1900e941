// What stays of a run that is ended early, whose disk is full, or whose output nobody reads.
#include <algorithm>

#include "harness/testing/program_fixture.h"
#include "reports/gate/journal.h"
#include "reports/gate/json_report.h"
#include "reports/records/scope.h"
#include "reports/testing/sample_bench.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSeeded = "seeded:transformers-46588";

class NothingLost : public ProgramTest {
 protected:
  // In bash, in the test's folder, with $program.
  Ran in_bash(const std::string& script) const {
    write("script", "cd '" + folder_.path() + "'\nprogram='" + program_path() + "'\n" + script);
    return run("bash " + path("script"));
  }

  // Apart from the script of in_bash.
  static std::vector<std::string> sorted(std::vector<std::string> names) {
    std::erase(names, "script");
    std::ranges::sort(names);
    return names;
  }

  // Ends a gate by a signal once it has judged a few cases: long, one case at a time.
  Ran ended_gate(const std::string& signal, const std::string& options = "") const {
    return in_bash(R"(set -m  # or a job would ignore SIGINT
      $program gate )" +
                   selection_ + options +
                   R"( --jobs 1 --json r.json --junit r.xml --markdown r.md >output &
      until [[ $(cat r.json.partial 2>/dev/null | wc -l) -gt 4 ]]; do
        kill -0 %1 2>/dev/null || break
        sleep 0.02
      done
      kill -)" + signal +
                   R"( %1
      wait %1)");
  }

  std::string selection_ = "--filter 'causal_conv1d:*'";
};

TEST_F(NothingLost, AnInterruptedGateSaysWhatRanAndIsResumed) {
  for (const auto& [signal, code] : {std::pair{"TERM", 143}, {"INT", 130}}) {
    const Ran ended = ended_gate(signal);
    EXPECT_EQ(ended.exit_code, code) << ended.output << read("output");
    EXPECT_THAT(read("output"), HasSubstr("interrupted, "));
    EXPECT_THAT(read("output"), HasSubstr("\nINCOMPLETE  "));
    EXPECT_THAT(read("output"), HasSubstr("--resume r.json"));
    EXPECT_THAT(read("r.md"), HasSubstr("## packproof: INCOMPLETE"));
    EXPECT_THAT(read("r.xml"), HasSubstr("<error type=\"not whole\" message=\"interrupted, "));
    EXPECT_FALSE(std::filesystem::exists(path("r.json.partial")));
  }
  const reports::RunReport part = reports::read_json_file(path("r.json"));
  EXPECT_GT(part.records.size(), 2u);
  EXPECT_FALSE(is_whole(part));

  const Ran other = in_bash("$program gate --filter 'l2norm*' --resume r.json");
  expect_usage_error(other, "--resume r.json: it is of other cases or of another candidate");
  const Ran resumed = in_bash("$program gate " + selection_ + " --resume r.json --json r.json");
  EXPECT_EQ(resumed.exit_code, 0) << resumed.output;
  EXPECT_THAT(resumed.output, HasSubstr(std::to_string(part.records.size()) + " taken over"));
  const reports::RunReport whole = reports::read_json_file(path("r.json"));
  EXPECT_EQ(std::ssize(whole.records), part.scope->planned);
  EXPECT_TRUE(is_whole(whole));
}

TEST_F(NothingLost, TheJournalOfAKilledGateIsReadAndResumed) {
  const Ran killed = ended_gate("KILL");
  EXPECT_EQ(killed.exit_code, 137);
  const std::size_t judged = reports::read_journal(path("r.json.partial")).run.records.size();
  EXPECT_GT(judged, 2u);
  const Ran report = in_bash("$program report r.json.partial --markdown report.md");
  EXPECT_EQ(report.exit_code, 0) << report.output;
  EXPECT_THAT(read("report.md"), HasSubstr("## packproof: INCOMPLETE"));

  // A case that the harness failed on is judged again.
  std::string journal = read("r.json.partial");
  const std::string pass = "\"outcome\":\"pass\",\"detail\":\"\"";
  const std::size_t at = journal.find(pass);
  ASSERT_NE(at, std::string::npos);
  write("r.json.partial", journal.replace(at, pass.size(),
                                          "\"outcome\":\"mistrusted\",\"detail\":\"the harness "
                                          "failed: for a test\"") +
                              "{\"descriptor\": \"tor");
  const Ran resumed =
      in_bash("$program gate " + selection_ + " --resume r.json.partial --json r.json");
  EXPECT_EQ(resumed.exit_code, 0) << resumed.output;
  EXPECT_THAT(resumed.output, HasSubstr(std::to_string(judged - 1) + " taken over"));
  EXPECT_TRUE(is_whole(reports::read_json_file(path("r.json"))));
  EXPECT_FALSE(std::filesystem::exists(path("r.json.partial")));
}

TEST_F(NothingLost, OnlyARunOfTheSameBuildIsResumed) {
  ASSERT_EQ(in_bash("$program gate --filter 'chunk_offsets*' --json r.json").exit_code, 0);
  const Ran gate = in_bash(R"(sed -i 's/"compiler": "/&Other /' r.json
    $program gate --filter 'chunk_offsets*' --resume r.json)");
  expect_usage_error(gate, "it is of another build: compiler 'Other ");
}

TEST_F(NothingLost, AFullDiskLeavesTheVerdict) {
  // A limit on file sizes stands in for a full disk; the journal goes beyond it.
  const std::string gate =
      "ulimit -f 4; $program gate --filter 'causal_conv1d:fwd*' --json r.json ";
  const Ran healthy = in_bash(gate);
  EXPECT_EQ(healthy.exit_code, 5) << healthy.output;
  EXPECT_THAT(healthy.output, HasSubstr("\nPASS  "));
  EXPECT_THAT(healthy.output, HasSubstr("the run goes on without its journal"));
  EXPECT_THAT(healthy.output, HasSubstr("cannot write 'r.json': File too large"));
  const Ran wrong = in_bash(gate + " --save-failing failing --candidate " + kSeeded);
  EXPECT_EQ(wrong.exit_code, 1) << wrong.output;
  EXPECT_THAT(wrong.output, HasSubstr("\nFAIL  "));
}

TEST_F(NothingLost, CaseFilesThatCannotBeWrittenAreCounted) {
  const Ran gate = in_bash(std::string("ulimit -f 0; $program gate --save-failing failing "
                                       "--filter 'causal_conv1d:fwd*' --candidate ") +
                           kSeeded);
  EXPECT_EQ(gate.exit_code, 1) << gate.output;
  EXPECT_THAT(gate.output, HasSubstr("\nFAIL  "));
  EXPECT_THAT(gate.output, HasSubstr(" case files could not be written to failing"));
}

TEST_F(NothingLost, AVerdictThatNobodySawIsNoPass) {
  const std::string healthy = "$program gate --filter 'chunk_offsets*' --json r.json ";
  const std::string said = "what was found is not printed in full";
  for (const char* nowhere : {"> /dev/full", ">&-", "| true; exit ${PIPESTATUS[0]}"}) {
    const Ran gate = in_bash(healthy + nowhere);
    EXPECT_EQ(gate.exit_code, 5) << nowhere << gate.output;
    EXPECT_THAT(gate.output, HasSubstr(said)) << nowhere;
    EXPECT_TRUE(is_whole(reports::read_json_file(path("r.json")))) << nowhere;
    std::filesystem::remove(path("r.json"));
  }
  const Ran wrong = in_bash(std::string("$program gate 'causal_conv1d len=5,3' --candidate ") +
                            kSeeded + " > /dev/full");
  EXPECT_EQ(wrong.exit_code, 1) << wrong.output;
  EXPECT_EQ(in_bash("$program repro 'sequence_index len=3' > /dev/full").exit_code, 5);
  EXPECT_EQ(in_bash("$program --help > /dev/full").exit_code, 5);
  // What only prints ends with its reader, as other tools do.
  const Ran list = in_bash("$program list | true; exit ${PIPESTATUS[0]}");
  EXPECT_EQ(list.exit_code, 141);
  EXPECT_EQ(list.output, "");
}

TEST_F(NothingLost, AReportThatDoesNotFitIsNoUsageError) {
  ASSERT_EQ(in_bash("$program gate --filter 'chunk_offsets*' --json r.json").exit_code, 0);
  EXPECT_EQ(in_bash("$program report r.json --markdown /dev/full").exit_code, 5);
  EXPECT_EQ(in_bash("$program gate --filter 'chunk_offsets*' --junit /dev/full").exit_code, 5);
  EXPECT_EQ(in_bash("$program report r.json --html /dev/full").exit_code, 5);
}

TEST_F(NothingLost, WhatDoesNotFitIsOneErrorAndLeavesNothing) {
  write("bench.json", reports::bench_json(reports::sample_bench({.ops = {"pack"}})));
  write("config.json", R"({"num_hidden_layers": 2, "num_attention_heads": 8})");
  const std::string bench =
      "$program bench --candidate simt --filter 'shift_labels*equal' --tokens 64 --samples 3 "
      "--seconds 0.01 ";
  const std::vector<std::string> before = sorted(files());
  for (const auto& [command, option] : std::vector<std::pair<std::string, std::string>>{
           {"$program compare bench.json bench.json", "--json"},
           {"$program compare bench.json bench.json", "--markdown"},
           {"$program report bench.json", "--html"},
           {"$program report bench.json", "--json"},
           {"$program plan --model config.json --backend attention=sdpa", "--json"},
           {bench, "--csv"},
           {bench, "--json"}})
    for (const std::string& file : {std::string("/dev/full"), std::string("out")}) {
      // Room for standard output, which is a pipe, but for no file.
      const Ran ran = in_bash("ulimit -f 0; " + command + " " + option + " " + file);
      SCOPED_TRACE(command + " " + option + " " + file);
      EXPECT_EQ(ran.exit_code, 5) << ran.output;
      EXPECT_THAT(ran.output, HasSubstr("cannot write '" + file));
      EXPECT_EQ(sorted(files()), before);
    }
}

}  // namespace
}  // namespace packproof::harness
