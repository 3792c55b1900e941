// Writes reports into $PACKPROOF_TEST_OUT (a scratch folder without it) for validate_json.py and
// parse_junit.py to read.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "reports/atomic_file.h"
#include "reports/comparison_text.h"
#include "reports/json_report.h"
#include "reports/junit_report.h"
#include "reports/markdown_report.h"
#include "reports/sample_bench.h"
#include "reports/sample_comparison.h"
#include "reports/sample_report.h"
#include "reports/scratch_folder.h"

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
}

}  // namespace
}  // namespace packproof::reports
