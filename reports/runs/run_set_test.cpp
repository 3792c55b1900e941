#include "reports/runs/run_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/gate/json_report.h"
#include "reports/testing/sample_bench.h"
#include "reports/testing/sample_report.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::reports {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class RunSetTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = scratch_.file(name);
    std::filesystem::create_directories(path.parent_path());
    write_file_atomically(path.string(), text);
    return path.string();
  }
  std::string gate(const std::string& name, const std::string& started = "2026-01-01T00:00:00Z") {
    RunReport run = sample_report();
    run.started = started;
    return write(name, json_report(run));
  }
  std::string bench(const std::string& name) {
    return write(name, bench_json(sample_bench({.ops = {"pack"}})));
  }
  static std::string error_of(const std::vector<std::string>& paths) {
    try {
      read_runs(paths);
    } catch (const ReportError& error) {
      return error.what();
    }
    return "no error";
  }

  ScratchFolder scratch_;
};

TEST_F(RunSetTest, SchemaVersionSaysWhatAFileIs) {
  const RunSet runs = read_runs(std::vector{bench("fast.json"), gate("right.json")});
  ASSERT_EQ(runs.gates.size(), 1U);
  ASSERT_EQ(runs.benches.size(), 1U);
  EXPECT_EQ(runs.gates[0].name, "right");
  EXPECT_EQ(runs.gates[0].run.records.size(), sample_report().records.size());
  EXPECT_EQ(runs.benches[0].name, "fast");
}

TEST_F(RunSetTest, FilesOfOneNameAreToldApartByTheirFolders) {
  const RunSet runs = read_runs(std::vector{gate("a/gate.json"), gate("b/x/gate.json"),
                                            gate("c/x/gate.json"), gate("z.json")});
  EXPECT_EQ(runs.gates[0].name, "a/gate");
  EXPECT_EQ(runs.gates[1].name, "b/x/gate");
  EXPECT_EQ(runs.gates[2].name, "c/x/gate");
  EXPECT_EQ(runs.gates[3].name, "z");
}

TEST_F(RunSetTest, WhatIsNoRunIsNamedWithWhatWouldDo) {
  EXPECT_THAT(error_of({write("summary.json", R"({"schema_version": "packproof.summary/1"})")}),
              AllOf(HasSubstr("summary.json"), HasSubstr("packproof.summary/1"),
                    HasSubstr("packproof bench --json")));
  EXPECT_THAT(error_of({write("list.json", "[1]")}), HasSubstr("list.json"));
  EXPECT_THAT(error_of({write("torn.json", "{")}), HasSubstr("torn.json"));
  EXPECT_THAT(error_of({"nowhere.json"}), HasSubstr("nowhere.json"));
  const std::string once = gate("gate.json");
  EXPECT_THAT(error_of({once, scratch_.file("./gate.json")}), HasSubstr("twice"));
}

TEST_F(RunSetTest, HistoryIsInTheOrderOfItsStartsAndPassesOverOtherJson) {
  gate("a.json", "2026-03-01T00:00:00Z");
  gate("b.json", "2026-01-01T00:00:00Z");
  const std::string other = write("package.json", "{}");
  write("notes.txt", "not JSON");
  std::vector<std::string> passed_over;
  const RunSet runs = read_history(scratch_.file(""), passed_over);
  ASSERT_EQ(runs.gates.size(), 2U);
  EXPECT_EQ(runs.gates[0].name, "b");
  EXPECT_EQ(runs.gates[1].name, "a");
  EXPECT_THAT(passed_over, ElementsAre(HasSubstr("package.json")));
}

TEST_F(RunSetTest, HistoryWithoutRunsAndBrokenHistoryAreErrors) {
  std::vector<std::string> passed_over;
  EXPECT_THROW(read_history(scratch_.file("nowhere"), passed_over), ReportError);
  EXPECT_THROW(read_history(scratch_.file(""), passed_over), ReportError);
  write("broken.json", R"({"schema_version": "packproof.report/1"})");
  EXPECT_THROW(read_history(scratch_.file(""), passed_over), ReportError);
}

}  // namespace
}  // namespace packproof::reports
