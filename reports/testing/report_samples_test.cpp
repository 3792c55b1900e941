// Writes reports into $PACKPROOF_TEST_OUT (a scratch folder without it) for validate_json.py and
// parse_junit.py to read.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/comparison/comparison_text.h"
#include "reports/files/atomic_file.h"
#include "reports/gate/json_report.h"
#include "reports/gate/junit_report.h"
#include "reports/markdown/markdown_report.h"
#include "reports/markdown/markdown_runs.h"
#include "reports/runs/summary_json.h"
#include "reports/testing/sample_bench.h"
#include "reports/testing/sample_comparison.h"
#include "reports/testing/sample_full_bench.h"
#include "reports/testing/sample_report.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::reports {
namespace {

TEST(ReportSamples, AreWritten) {
  const ScratchFolder scratch;
  const char* given = std::getenv("PACKPROOF_TEST_OUT");
  const std::filesystem::path folder = given != nullptr ? given : scratch.file("");
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, const std::string& text) {
    write_file_atomically((folder / name).string(), text);
    EXPECT_TRUE(std::filesystem::exists(folder / name));
  };
  write("report.json", json_report(sample_report()));
  write("empty_report.json", json_report({}));
  write("report.junit.xml", junit_report(sample_report()));
  write("strict_report.junit.xml", junit_report(sample_report(), Inconclusive::failed));
  write("empty_report.junit.xml", junit_report({}));
  write("report.md", markdown_report(sample_report()));
  write("bench.json", bench_json(sample_full_bench_run()));
  write("empty_bench.json", bench_json({}));
  write("comparison.json", comparison_json(sample_comparison()));
  write("empty_comparison.json",
        comparison_json({.old_run = {.origin = "old.json"}, .new_run = {.origin = "new.json"}}));
  write("comparison.md", comparison_markdown(sample_comparison()));

  RunSet runs;
  runs.gates.push_back({.name = "gate", .file = "gate.json", .run = sample_report()});
  runs.benches.push_back({.name = "h200", .file = "h200.json", .run = sample_bench()});
  runs.benches.push_back({.name = "h100",
                          .file = "h100.json",
                          .run = sample_bench({.device = "NVIDIA H100 80GB HBM3, driver 580.159.04",
                                               .started = "2026-01-04T10:00:00Z",
                                               .slowness = 1.31})});
  runs.benches.push_back({.name = "host",
                          .file = "host.json",
                          .run = sample_bench({.device = "AMD EPYC, 2 threads", .host = true})});
  for (const auto& named : runs.benches) write(named.file.c_str(), bench_json(named.run));
  write("runs.md", markdown_runs(runs));

  // --mutate tries every field: a small one, with a series that is timed and one that is not.
  runs.benches.resize(1);
  std::vector<BenchRow>& rows = runs.benches[0].run.rows;
  rows = {rows.back()};
  rows[0].series.erase(rows[0].series.begin() + 1, rows[0].series.end() - 1);
  write("summary.json", summary_json(runs, trends_of(runs, runs)));
  write("empty_summary.json", summary_json({}, {}));
}

}  // namespace
}  // namespace packproof::reports
