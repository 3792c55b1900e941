// Writes pages into $PACKPROOF_TEST_OUT (a scratch folder without it) for reports/browser to open.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "reports/files/atomic_file.h"
#include "reports/html/html_report.h"
#include "reports/testing/sample_bench.h"
#include "reports/testing/sample_report.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::reports {
namespace {

constexpr std::array kOps = {"causal_conv1d", "l2norm", "pack", "chunk_gated_delta_rule"};
constexpr std::array kContracts = {"", "C1", "C7", "C8"};

// Passes, but for every 40th of causal_conv1d:fwd.
RunReport run_of(int cases) {
  RunReport run = sample_report();
  run.command = "packproof gate --json gate.json";
  run.records.clear();
  for (int i = 0; i < cases; ++i) {
    const auto n = static_cast<std::size_t>(i);
    const bool wrong = i % 40 == 8;
    Record record = wrong ? sample_mismatch() : sample_pass();
    record.candidate = "simt";
    record.schedule = kDefaultSchedule;
    record.op = kOps[n % kOps.size()];
    record.direction = n % 3 == 0 ? "bwd" : "fwd";
    record.contract = kContracts[n / 4 % kContracts.size()];
    record.descriptor =
        record.op + ":" + record.direction +
        " dtype=bf16 channels=64 width=4 len=5,0,3,128,17 seed=" + std::to_string(i);
    record.repro = "packproof repro '" + record.descriptor + "'";
    UnitReport& worst = record.tensors[0].worst[0];
    worst.error *= wrong ? 1 : 0.5 + static_cast<double>(i * 7 % 100) / 200;
    if (wrong) record.tensors[0].segment_errors = {0.44, 0, 166.6, 3, 0.9, 0.2, 0.1, 1.01};
    run.records.push_back(std::move(record));
  }
  return run;
}

HtmlInput page_of(RunReport run) {
  HtmlInput input{.made = "2026-01-05T00:00:00Z"};
  input.case_file = [](const Record& record) {
    return Download{.name = "case.json", .text = "{\"op\": \"" + record.op + "\"}\n"};
  };
  input.runs.gates.push_back({.name = "gate", .file = "gate.json", .run = std::move(run)});
  return input;
}

HtmlInput several_runs() {
  HtmlInput input = page_of(run_of(90));
  input.runs.gates.push_back({.name = "hostile", .file = "hostile.json", .run = sample_report()});
  Record hostile = sample_mismatch();
  hostile.descriptor = "</script><img src=x onerror=\"document.title='broken'\"> seed=1";
  hostile.detail = hostile.contract = hostile.candidate = hostile.descriptor;
  hostile.source = "javascript:document.title='broken'";
  std::vector<Record>& records = input.runs.gates[1].run.records;
  records.insert(records.begin(), hostile);
  const SampleMachine h100{.device = "NVIDIA H100 80GB HBM3, driver 580.159.04",
                           .started = "2026-01-04T10:00:00Z",
                           .slowness = 1.31,
                           .ops = {"pack"}};
  input.runs.benches.push_back(
      {.name = "h200", .file = "h200.json", .run = sample_bench({.ops = {"pack"}})});
  input.runs.benches.push_back({.name = "h100", .file = "h100.json", .run = sample_bench(h100)});
  input.runs.benches.push_back(
      {.name = "host",
       .file = "host.json",
       .run = sample_bench({.device = "AMD EPYC, 2 threads", .host = true, .ops = {"l2norm"}})});
  RunSet history;
  for (const int month : {1, 2, 3}) {
    const std::string started = "2025-0" + std::to_string(month) + "-01T10:00:00Z";
    history.benches.push_back(
        {.name = "h200-" + std::to_string(month),
         .file = "",
         .run =
             sample_bench({.started = started, .slowness = 2.0 - 0.3 * month, .ops = {"pack"}})});
    history.gates.push_back(
        {.name = "gate-" + std::to_string(month), .file = "", .run = run_of(120 + 30 * month)});
    history.gates.back().run.started = started;
  }
  input.trends = trends_of(history, input.runs);
  return input;
}

// A page of somebody without a GPU, whose op fails in six ways: 1, 2, ... 6 cases of each.
HtmlInput host_page() {
  RunReport run = run_of(8);
  for (int kind = 1; kind <= 6; ++kind)
    for (int i = 0; i < kind; ++i) {
      Record record = sample_mismatch();
      record.descriptor = "causal_conv1d:fwd dtype=bf16 len=" + std::to_string(100 * kind - i);
      record.mismatch->fault = "fault " + std::to_string(kind);
      run.records.push_back(std::move(record));
    }
  HtmlInput input = page_of(std::move(run));
  BenchRun bench =
      sample_bench({.device = "AMD EPYC, 2 threads", .host = true, .ops = {"causal_conv1d"}});
  bench.ceilings = {9.5, 0.04, "memcpy of 256 MiB; float32 matmul of 1024"};
  for (BenchRow& row : bench.rows)
    for (Series& series : row.series)
      if (row.lengths == "code")
        for (double& us : series.samples_us) us *= 1000;
  std::erase_if(bench.rows, [](const BenchRow& row) { return row.part != BenchPart::shapes; });
  input.runs.benches.push_back({.name = "host", .file = "host.json", .run = std::move(bench)});
  return input;
}

TEST(HtmlSamples, AreWritten) {
  const ScratchFolder scratch;
  const char* given = std::getenv("PACKPROOF_TEST_OUT");
  const std::filesystem::path folder = given != nullptr ? given : scratch.file("");
  std::filesystem::create_directories(folder);
  const std::string chart_script = chart_library();
  const auto write = [&](const char* name, const HtmlInput& input) {
    write_file_atomically((folder / name).string(), html_report(input, chart_script));
    EXPECT_TRUE(std::filesystem::exists(folder / name));
  };
  HtmlInput one = page_of(run_of(240));
  one.runs.benches.push_back({.name = "h200", .file = "h200.json", .run = sample_bench()});
  write("one.html", one);
  write("several.html", several_runs());
  write("large.html", page_of(run_of(5000)));
  write("host.html", host_page());
  write("empty.html", page_of({}));
}

}  // namespace
}  // namespace packproof::reports
