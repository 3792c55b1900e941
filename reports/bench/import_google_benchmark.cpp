#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "reports/bench/bench_import.h"
#include "reports/files/report_error.h"

namespace packproof::reports {
namespace {

std::string text_or(const Json& object, const char* name, const std::string& fallback) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : fallback;
}

bool is_set(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

double us_per(const std::string& unit, const std::string& where) {
  static const std::map<std::string, double> units = {
      {"ns", 1e-3}, {"us", 1}, {"ms", 1e3}, {"s", 1e6}};
  const auto found = units.find(unit);
  if (found == units.end())
    throw ReportError(fmt::format("{} must be ns, us, ms or s, found \"{}\"", where, unit));
  return found->second;
}

// It names no CPU: the number of CPUs and the caches tell most apart.
std::string cpu_of(const Json& context) {
  std::string cpu;
  if (const auto count = context.find("num_cpus"); count != context.end())
    cpu = fmt::format("{} CPUs", count->dump());
  const auto caches = context.find("caches");
  if (caches == context.end() || !caches->is_array()) return cpu;
  for (const Json& cache : *caches)
    if (cache.is_object() && cache.contains("size") && cache.contains("level"))
      cpu += fmt::format(", L{} {} {} bytes", cache["level"].dump(), text_or(cache, "type", ""),
                         cache["size"].dump());
  return cpu;
}

// The row of a benchmark's repetitions, made where it is the first.
BenchRow& row_of(BenchRun& run, const std::string& name) {
  const auto found = std::find_if(run.rows.begin(), run.rows.end(),
                                  [&](const BenchRow& row) { return row.descriptor == name; });
  if (found != run.rows.end()) return *found;
  Series series{.implementation = "Google Benchmark",
                .clock = Clock::host,
                .state = SeriesState::not_timed,
                .detail = "only aggregates; leave out --benchmark_report_aggregates_only"};
  return run.rows.emplace_back(
      BenchRow{.op = name, .descriptor = name, .series = {std::move(series)}});
}

void add_repetition(const Json& value, const std::string& where, BenchRun& run) {
  JsonFields fields(value, where);
  const std::string name = text_or(value, "run_name", fields.text("name"));
  Series& series = row_of(run, name).series.front();
  if (fields.text("run_type") != "iteration") return;  // a mean, a median, a fit of complexity
  if (is_set(value, "error_occurred") || is_set(value, "skipped")) {
    series.state = SeriesState::not_timed;
    series.detail = text_or(value, "error_message", text_or(value, "skip_message", "skipped"));
    series.samples_us.clear();
    return;
  }
  const double us = us_per(fields.text("time_unit"), fields.path_of("time_unit"));
  series.state = SeriesState::timed;
  series.detail.clear();
  series.samples_us.push_back(fields.number("real_time") * us);
}

}  // namespace

BenchRun import_google_benchmark(const Json& document, const std::string& origin) {
  try {
    JsonFields fields(document, "");
    const Json& context = fields.value("context");
    BenchRun run;
    run.started = text_or(context, "date", "");
    run.command = text_or(context, "executable", "");
    run.environment.cpu = cpu_of(context);
    run.environment.build_type = text_or(context, "library_build_type", "");
    run.device = run.environment.cpu;
    std::size_t index = 0;
    for (const Json& benchmark : fields.array("benchmarks"))
      add_repetition(benchmark, fmt::format("benchmarks[{}]", index++), run);
    return run;
  } catch (const ReportError& error) {
    throw ReportError(fmt::format("'{}' is no file of Google Benchmark: {}", origin, error.what()));
  }
}

}  // namespace packproof::reports
