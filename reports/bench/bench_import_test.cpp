#include "reports/bench/bench_import.h"

#include <benchmark/benchmark.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "reports/files/report_error.h"
#include "reports/testing/bench_import_fixture.h"
#include "reports/testing/sample_comparison.h"

namespace packproof::reports {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST_F(BenchImport, ReadsOurOwn) {
  const BenchRun run = sample_bench_run(
      {sample_row("l2norm:fwd len=1", {sample_series("cuda", Clock::graph_warm, {1, 2.5})})});
  const BenchRun read = read_bench_file(write("run.json", bench_json(run)));
  EXPECT_EQ(bench_json(read), bench_json(run));
}

TEST_F(BenchImport, NamesWhatItCanRead) {
  for (const char* text : {"[]", "{}", "3", R"({"benchmarks": []})"})
    EXPECT_THAT(error_of(text), HasSubstr("none of packproof.bench/1"));
  EXPECT_THAT(error_of(R"({"schema_version": "packproof.report/1"})"),
              HasSubstr("schema_version is \"packproof.report/1\""));
  EXPECT_THAT(error_of("garbage"), HasSubstr("is not JSON"));
  EXPECT_THAT(error_of(""), HasSubstr("is not JSON"));
  EXPECT_THROW(read_bench_file(folder_.file("absent.json")), ReportError);
}

TEST(WithoutBareNan, LeavesStringsAsTheyAre) {
  EXPECT_EQ(without_bare_nan(R"({"NaN": NaN, "\"NaN": [-NaN, Infinity, -Infinity], "\\": NaN})"),
            R"({"NaN": null, "\"NaN": [null, null, null], "\\": null})");
}

// What the library at hand really writes.
void bm_loop(benchmark::State& state) {
  for (auto _ : state) benchmark::ClobberMemory();
  state.counters["none"] = std::numeric_limits<double>::quiet_NaN();
  state.SetLabel("a \"label\"");
}

void bm_fails(benchmark::State& state) {
  state.SkipWithError("no GPU here");
  for (auto _ : state) benchmark::ClobberMemory();
}

TEST_F(BenchImport, ReadsWhatGoogleBenchmarkWrites) {
  benchmark::RegisterBenchmark("loop", bm_loop)->Arg(8)->Iterations(1000)->Repetitions(6);
  benchmark::RegisterBenchmark("fails", bm_fails)->Iterations(1);
  std::ostringstream text;
  benchmark::JSONReporter reporter;
  reporter.SetOutputStream(&text);
  reporter.SetErrorStream(&text);
  benchmark::RunSpecifiedBenchmarks(&reporter, "all");
  const BenchRun run = read_bench_file(write("google.json", text.str()));
  ASSERT_THAT(run.rows, SizeIs(2)) << text.str();
  EXPECT_EQ(run.rows[0].descriptor, "loop/8/iterations:1000/repeats:6");
  EXPECT_EQ(series_of(run, 0).clock, Clock::host);
  ASSERT_THAT(series_of(run, 0).samples_us, SizeIs(6));
  for (const double sample : series_of(run, 0).samples_us) {
    EXPECT_GT(sample, 0);
    EXPECT_LT(sample, 1e6);
  }
  EXPECT_EQ(series_of(run, 1).state, SeriesState::not_timed);
  EXPECT_EQ(series_of(run, 1).detail, "no GPU here");
  EXPECT_THAT(run.environment.cpu, HasSubstr(" CPUs, L1 Data "));
  EXPECT_THAT(run.started, HasSubstr("T"));
}

std::string google_run(const std::string& benchmarks) {
  return R"({"context": {"date": "2026-01-02T03:04:05+00:00", "num_cpus": 2, "caches": [],
             "library_build_type": "release"}, "benchmarks": [)" +
         benchmarks + "]}";
}

TEST_F(BenchImport, OfGoogleBenchmarkConvertsUnitsAndLeavesOutAggregates) {
  const auto one = [](const std::string& name, const std::string& type, const std::string& time,
                      const std::string& more = "") {
    return R"({"name": ")" + name + R"(_suffix", "run_name": ")" + name + R"(", "run_type": ")" +
           type + R"(", "real_time": )" + time + more + "}";
  };
  const BenchRun run = read_bench_file(
      write("google.json", google_run(one("a", "iteration", R"(2500, "time_unit": "ns")") + "," +
                                      one("a", "iteration", R"(2.6, "time_unit": "us")") + "," +
                                      one("a", "aggregate", R"(9, "time_unit": "us")") + "," +
                                      one("b", "iteration", R"(1.5, "time_unit": "ms")") + "," +
                                      one("c", "aggregate", R"(0.25, "time_unit": "s")") + "," +
                                      one("d", "iteration", R"(0, "time_unit": "s")",
                                          R"(, "skipped": true, "skip_message": "not today")"))));
  ASSERT_THAT(run.rows, SizeIs(4));
  EXPECT_THAT(series_of(run, 0).samples_us, ElementsAre(DoubleEq(2.5), DoubleEq(2.6)));
  EXPECT_THAT(series_of(run, 1).samples_us, ElementsAre(DoubleEq(1500)));
  EXPECT_THAT(series_of(run, 2).detail, HasSubstr("only aggregates"));
  EXPECT_EQ(series_of(run, 3).detail, "not today");
  EXPECT_EQ(run.environment.build_type, "release");
  EXPECT_EQ(run.rows[0].series[0].implementation, "Google Benchmark");
}

TEST_F(BenchImport, OfGoogleBenchmarkSaysWhatIsWrongWhere) {
  EXPECT_THAT(error_of(google_run(R"({"name": "a"})")),
              HasSubstr("is no file of Google Benchmark: benchmarks[0].run_type is missing"));
  EXPECT_THAT(error_of(google_run(R"({"name": "a", "run_type": "iteration", "time_unit": "h",
                                      "real_time": 1})")),
              HasSubstr("benchmarks[0].time_unit must be ns, us, ms or s, found \"h\""));
}

}  // namespace
}  // namespace packproof::reports
