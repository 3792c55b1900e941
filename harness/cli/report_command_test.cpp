#include "harness/testing/program_fixture.h"
#include "reports/testing/sample_bench.h"

// What is in a report is tested in reports/; here: where runs come from, and where reports go.
namespace packproof::harness {
namespace {

using testing::HasSubstr;

class ReportCommand : public ProgramTest {
 protected:
  std::string in_folder(const std::string& arguments) const {
    return "cd " + folder_.path() + " && " PACKPROOF_PROGRAM " " + arguments;
  }
};

TEST_F(ReportCommand, WithoutArgumentsShowsTheLastRuns) {
  const Ran none = run(in_folder("report"));
  expect_usage_error(none, "packproof gate");
  EXPECT_THAT(none.output, HasSubstr("packproof bench"));
  EXPECT_THAT(files(), testing::IsEmpty());

  EXPECT_EQ(packproof("gate --filter 'chunk_offsets*'").exit_code, 0);
  const Ran made = run(in_folder("report"));
  EXPECT_EQ(made.exit_code, 0) << made.output;
  EXPECT_THAT(made.output, HasSubstr("report.html"));
  EXPECT_THAT(read("report.html"), HasSubstr("chunk_offsets:fwd"));
}

TEST_F(ReportCommand, AFailureCarriesItsCaseFile) {
  write("batch.txt", "causal_conv1d len=5,3 seed=7\n");
  const std::string gate = "gate --batch " + path("batch.txt") +
                           " --candidate seeded:transformers-46588 --html " + path("gate.html") +
                           " --json " + path("gate.json");
  EXPECT_EQ(packproof(gate).exit_code, 1);
  EXPECT_EQ(packproof("report " + path("gate.json") + " --html " + path("r.html")).exit_code, 0);
  for (const char* name : {"gate.html", "r.html"}) {
    EXPECT_THAT(read(name), HasSubstr("packproof.case/1"));
    EXPECT_THAT(read(name), HasSubstr("leak across a boundary"));
  }
}

TEST_F(ReportCommand, MixesRunsIntoEachFormat) {
  EXPECT_EQ(packproof("gate --filter 'chunk_offsets*' --json " + path("gate.json")).exit_code, 0);
  write("bench.json", reports::bench_json(reports::sample_bench({.ops = {"pack"}})));
  const Ran made = packproof("report " + path("gate.json") + " " + path("bench.json") + " --html " +
                             path("r.html") + " --markdown " + path("r.md") + " --json " +
                             path("r.json") + " --history " + folder_.path());
  EXPECT_EQ(made.exit_code, 0) << made.output;
  EXPECT_THAT(read("r.html"), HasSubstr("NVIDIA H200"));
  EXPECT_THAT(read("r.md"), HasSubstr("## packproof bench"));
  EXPECT_THAT(read("r.md"), HasSubstr("## packproof: PASS"));
  const Ran valid = run(PACKPROOF_PYTHON " " PACKPROOF_SOURCE_DIR
                                         "/reports/testing/validate_json.py " PACKPROOF_SOURCE_DIR
                                         "/reports/schema/packproof.summary-1.schema.json " +
                        path("r.json"));
  EXPECT_EQ(valid.exit_code, 0) << valid.output;
  // A summary is no run: neither as one, nor in a folder of runs.
  expect_usage_error(packproof("report " + path("r.json")), "r.json");
  const Ran again = packproof("report " + path("gate.json") + " --html " + path("r.html") +
                              " --history " + folder_.path());
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.output, HasSubstr("passed over"));
}

TEST_F(ReportCommand, BadInputIsOneClearErrorAndLeavesNothing) {
  write("gate.json", R"({"schema_version": "packproof.report/1"})");
  expect_usage_error(packproof("report " + path("gate.json") + " --html " + path("r.html")),
                     "gate.json");
  expect_usage_error(packproof("report nowhere.json --html " + path("r.html")), "nowhere.json");
  expect_usage_error(packproof("report " + path("gate.json") + " --html /proc/none/r.html"),
                     "/proc/none/r.html");
  expect_usage_error(packproof("gate --html /proc/none/r.html"), "/proc/none/r.html");
  expect_usage_error(
      run("PACKPROOF_CHART_JS=/none.js " PACKPROOF_PROGRAM " gate --html " + path("r.html")),
      "libjs-chart.js");
  EXPECT_THAT(files(), testing::UnorderedElementsAre("gate.json"));
}

}  // namespace
}  // namespace packproof::harness
