#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

#include "reports/comparison/comparison.h"
#include "reports/testing/bench_import_fixture.h"

namespace packproof::reports {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// As json_printer.cu of nvbench writes them, with fewer summaries.
std::string nvbench_value(const std::string& name, const std::string& type,
                          const std::string& value) {
  return R"({"name": ")" + name + R"(", "type": ")" + type + R"(", "value": ")" + value + R"("})";
}

std::string nvbench_summary(const std::string& tag, const std::string& data) {
  return R"({"tag": ")" + tag + R"(", "name": "x", "data": [)" + data + "]}";
}

std::string nvbench_time(const std::string& tag, const std::string& seconds) {
  return nvbench_summary(tag, nvbench_value("value", "float64", seconds));
}

std::string nvbench_file(const std::string& tag, const std::string& path, const std::string& size) {
  return nvbench_summary(
      tag, nvbench_value("filename", "string", path) + "," + nvbench_value("size", "int64", size));
}

std::string nvbench_state(const std::string& axes, const std::string& summaries,
                          const std::string& device = "0", const std::string& skipped = "false") {
  return R"({"name": "Device=0", "device": )" + device + R"(, "axis_values": )" + axes +
         R"(, "summaries": )" + summaries + R"(, "is_skipped": )" + skipped +
         R"(, "skip_reason": "too large"})";
}

std::string nvbench_run(const std::string& states) {
  return R"({"meta": {"argv": ["./bench", "--json"], "version": {"json": {"major": 1}}},
             "devices": [{"id": 0, "name": "NVIDIA H200"}, {"id": 1, "name": "NVIDIA H100"}],
             "benchmarks": [{"name": "copy", "index": 0, "axes": null, "states": [)" +
         states + "]}]}";
}

const std::string kAxes =
    "[" + nvbench_value("T", "string", "F32") + "," + nvbench_value("Size", "int64", "1024") + "]";

std::string little_endian(const std::vector<float>& numbers) {
  std::string bytes;
  for (const float number : numbers) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 0xff);
  }
  return bytes;
}

TEST_F(BenchImport, ReadsNvbenchWithItsSamples) {
  write("run.json-bin/0.bin", little_endian({0.25F, 0.5F, 0.125F}));
  write("run.json-freqs-bin/0.bin", little_endian({1.5e9F, 2e9F, 1e9F}));
  const std::string summaries =
      "[" + nvbench_time("nv/cold/time/gpu/mean", "0.3") + "," +
      nvbench_file("nv/json/bin:nv/cold/sample_times", "run.json-bin/0.bin", "3") + "," +
      nvbench_file("nv/json/freqs-bin:nv/cold/sample_freqs", "run.json-freqs-bin/0.bin", "3") + "]";
  const BenchRun run =
      read_bench_file(write("run.json", nvbench_run(nvbench_state(kAxes, summaries))));
  ASSERT_THAT(run.rows, SizeIs(1));
  EXPECT_EQ(run.rows[0].descriptor, "copy T=F32 Size=1024");
  EXPECT_EQ(title_of(run.rows[0]), run.rows[0].descriptor);
  EXPECT_EQ(run.device, "NVIDIA H200");
  EXPECT_EQ(run.command, "./bench --json");
  EXPECT_EQ(series_of(run, 0).clock, Clock::events_cold);
  EXPECT_THAT(series_of(run, 0).samples_us, ElementsAre(250000, 500000, 125000));
  EXPECT_THAT(series_of(run, 0).sm_clock_mhz, ElementsAre(1500, 2000, 1000));
  EXPECT_THAT(series_of(run, 0).detail, IsEmpty());
}

TEST_F(BenchImport, OfNvbenchFindsSampleFilesNamedFromElsewhere) {
  write("run.json-bin/7.bin", little_endian({0.5F}));
  const std::string summaries =
      "[" + nvbench_file("nv/json/bin:nv/cold/sample_times", "results/run.json-bin/7.bin", "1") +
      "]";
  const BenchRun run =
      read_bench_file(write("run.json", nvbench_run(nvbench_state("null", summaries))));
  EXPECT_EQ(run.rows.at(0).descriptor, "copy");
  EXPECT_THAT(series_of(run, 0).samples_us, ElementsAre(500000));
}

TEST_F(BenchImport, OfNvbenchWithoutSamplesTakesOneAndSaysSo) {
  const std::string mean = nvbench_time("nv/cold/time/gpu/mean", "0.001");
  const std::string median = nvbench_time("nv/cold/time/gpu/median", "0.002");
  const std::string lost = nvbench_file("nv/json/bin:nv/cold/sample_times", "gone/0.bin", "3");
  const BenchRun run = read_bench_file(
      write("run.json",
            nvbench_run(nvbench_state(kAxes, "[" + mean + "]") + "," +
                        nvbench_state("null", "[" + mean + "," + median + "," + lost + "]"))));
  EXPECT_THAT(series_of(run, 0).samples_us, ElementsAre(DoubleEq(1000)));
  EXPECT_THAT(series_of(run, 0).detail, HasSubstr("only the mean"));
  EXPECT_THAT(series_of(run, 1).samples_us, ElementsAre(DoubleEq(2000)));
  EXPECT_THAT(series_of(run, 1).detail, HasSubstr("only the median"));
  const Comparison comparison = compare_runs({"run.json", run}, {"run.json", run}, {});
  EXPECT_EQ(comparison.count(Change::unclear), 2);
  EXPECT_THAT(comparison.series[0].detail, HasSubstr("1 and 1 samples"));
  EXPECT_THAT(comparison.series[0].detail, HasSubstr("--jsonbin"));
}

TEST_F(BenchImport, OfNvbenchTellsDevicesSkippedStatesAndHostTimesApart) {
  const std::string cpu = "[" + nvbench_time("nv/cpu_only/time/cpu/mean", "0.001") + "]";
  const BenchRun run =
      read_bench_file(write("run.json", nvbench_run(nvbench_state("null", cpu, "0") + "," +
                                                    nvbench_state("null", "null", "1", "true") +
                                                    "," + nvbench_state(kAxes, "null", "1"))));
  EXPECT_EQ(run.device, "NVIDIA H100; NVIDIA H200");
  ASSERT_THAT(run.rows, SizeIs(3));
  EXPECT_EQ(run.rows[0].descriptor, "copy Device=0");
  EXPECT_EQ(series_of(run, 0).clock, Clock::host);
  EXPECT_EQ(run.rows[1].descriptor, "copy Device=1");
  EXPECT_EQ(series_of(run, 1).detail, "too large");
  EXPECT_EQ(run.rows[2].descriptor, "copy T=F32 Size=1024 Device=1");
  EXPECT_EQ(series_of(run, 2).state, SeriesState::not_timed);
}

TEST_F(BenchImport, OfNvbenchSaysWhatIsWrongWhere) {
  EXPECT_THAT(error_of(nvbench_run(R"({"device": 0})")),
              HasSubstr("is no file of nvbench: benchmarks[0].states[0].summaries is missing"));
  EXPECT_THAT(error_of(nvbench_run(nvbench_state(
                  "null", "[" + nvbench_time("nv/cold/time/gpu/mean", "fast") + "]"))),
              HasSubstr("must be a number in a string, found \"fast\""));
  write("bad.json-bin/0.bin", "12345");
  EXPECT_THAT(
      error_of(nvbench_run(nvbench_state(
          "null", "[" +
                      nvbench_file("nv/json/bin:nv/cold/sample_times", "bad.json-bin/0.bin", "2") +
                      "]"))),
      HasSubstr("has 5 bytes instead of 4 for each of 2 samples"));
}

}  // namespace
}  // namespace packproof::reports
