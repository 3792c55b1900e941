// libFuzzer: the file of a run, whoever wrote it, is read or refused with a ReportError; what was
// read can be shown in every way, and reads the same when it is written again.
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "cases/testing/fuzzed_input.h"
#include "cases/testing/mutated_json.h"
#include "reports/bench/bench_import.h"
#include "reports/comparison/comparison_text.h"
#include "reports/files/report_error.h"
#include "reports/gate/journal.h"
#include "reports/gate/json_report.h"
#include "reports/gate/junit_report.h"
#include "reports/html/html_data.h"
#include "reports/markdown/markdown_runs.h"
#include "reports/runs/shards.h"
#include "reports/runs/summary_json.h"
#include "reports/testing/sample_full_bench.h"
#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

// A file of Google Benchmark, and one of nvbench.
constexpr std::string_view kGoogle = R"({"context": {"date": "2026-01-01", "host_name": "a"},
  "benchmarks": [{"name": "b/1", "run_name": "b/1", "run_type": "iteration", "repetitions": 2,
    "iterations": 100, "real_time": 1.5, "cpu_time": 1.4, "time_unit": "us"}]})";
constexpr std::string_view kNvbench =
    R"({"meta": {"argv": ["./b"], "version": {"json": {"major": 1}}},
  "devices": [{"id": 0, "name": "NVIDIA H200"}],
  "benchmarks": [{"name": "copy", "index": 0, "axes": null, "states": [{"name": "Device=0",
    "device": 0, "axis_values": [{"name": "T", "type": "string", "value": "F32"}],
    "summaries": [{"tag": "nv/cold/time/gpu/mean", "name": "x",
      "data": [{"name": "value", "type": "float64", "value": "0.3"}]}],
    "is_skipped": false, "skip_reason": ""}]}]})";

// As the journal of the sample report is written: a line for the run, and one a record.
std::string sample_journal() {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("packproof-" + std::to_string(::getpid())))
          .string();
  {
    const RunReport run = sample_report();
    Journal journal(path, run);
    for (const Record& record : run.records) journal.append(record);
  }
  std::ifstream file(journal_path(path), std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::filesystem::remove(journal_path(path));
  return text;
}

const std::vector<std::string>& samples() {
  static const std::vector<std::string> all = {
      json_report(sample_report()), json_report({}),       bench_json(sample_full_bench_run()),
      std::string(kGoogle),         std::string(kNvbench), sample_journal()};
  return all;
}

void check(bool holds) {
  if (!holds) ::abort();
}

void show(RunSet runs) {
  for (const Named<RunReport>& gate : runs.gates) {
    const std::string text = json_report(gate.run);
    check(json_report(read_json(text, "again")) == text);
    junit_report(gate.run, Inconclusive::failed);
  }
  for (const Named<BenchRun>& bench : runs.benches) {
    const std::string text = bench_json(bench.run);
    check(bench_json(read_bench_json(text, "again")) == text);
  }
  try {
    merge_shards(runs);
  } catch (const ReportError&) {
    return;
  }
  markdown_runs(runs);
  summary_json(runs, {});
  html_data({.runs = runs, .trends = {}, .case_file = {}, .made = "now"});
}

void read_as_runs(const std::string& path) {
  RunSet runs;
  try {
    runs = read_runs(std::vector{path});
  } catch (const ReportError&) {
    return;
  }
  show(std::move(runs));
}

void read_as_times(const std::string& path) {
  try {
    const BenchRun run = read_bench_file(path);
    const Comparison comparison = compare_runs({"old", run}, {"new", run}, {});
    comparison_table(comparison, ShownSeries::all);
    comparison_markdown(comparison, ShownSeries::changed);
    comparison_json(comparison);
  } catch (const ReportError&) {
  }
}

// Gone at the end.
class FuzzedFile {
 public:
  ~FuzzedFile() { std::filesystem::remove(path_); }
  const std::string& with(std::string_view text) const {
    std::ofstream(path_, std::ios::binary) << text;
    return path_;
  }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() /
                       ("packproof-run-" + std::to_string(::getpid()) + ".json"))
                          .string();
};

std::string changed(std::string_view text, PhiloxSequence& random) {
  const std::string& sample = any_of(random, samples());
  const std::size_t first = text.find('\n');
  const bool lines = first != std::string_view::npos && is_journal(text);
  if (!lines) return JsonMutator(random, sample)(text);
  const std::size_t from = random.below(2) == 0 ? 0 : first + 1;
  const std::size_t to = std::min(text.find('\n', from), text.size());
  std::string line = JsonMutator(random, sample)(text.substr(from, to - from));
  std::erase(line, '\n');
  return std::string(text.substr(0, from)) + line + std::string(text.substr(to));
}

}  // namespace
}  // namespace packproof::reports

// Every eighth input is a sample; half have one value changed.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  using namespace packproof;
  PhiloxSequence random(seed, 0);
  const std::uint32_t kind = random.below(8);
  if (kind > 4) return LLVMFuzzerMutate(data, size, most);
  const std::string_view old(reinterpret_cast<const char*>(data), size);
  const std::string text =
      kind == 0 ? any_of(random, reports::samples()) : reports::changed(old, random);
  return replace_input(data, size, most, text);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace packproof::reports;
  static const FuzzedFile file;
  const std::string& path = file.with({reinterpret_cast<const char*>(data), size});
  read_as_runs(path);
  read_as_times(path);
  return 0;
}
