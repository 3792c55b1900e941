#include "reports/bench/bench_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "reports/files/report_error.h"
#include "reports/records/record_json.h"

namespace packproof::reports {
namespace {

constexpr std::array kClocks = {Clock::events_cold, Clock::graph_warm, Clock::host};
constexpr std::array kStates = {SeriesState::timed, SeriesState::not_timed, SeriesState::refused};
constexpr std::array kParts = {BenchPart::shapes, BenchPart::tokens, BenchPart::segments,
                               BenchPart::break_even};

template <class Enum, std::size_t count>
Enum named(const std::array<Enum, count>& all, JsonFields& fields, const std::string& field) {
  const std::string name = fields.text(field);
  std::string known;
  for (const Enum value : all) {
    if (name_of(value) == name) return value;
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", name_of(value));
  }
  throw ReportError(
      fmt::format("{} must be one of {}; found \"{}\"", fields.path_of(field), known, name));
}

Json numbers_to_json(const std::vector<double>& numbers) {
  Json list = Json::array();
  for (const double number : numbers) list.push_back(number_to_json(number));
  return list;
}

std::vector<double> numbers_from_json(JsonFields& fields, const std::string& field) {
  std::vector<double> numbers;
  const Json& list = fields.array(field);
  numbers.reserve(list.size());
  for (const Json& number : list)
    numbers.push_back(number_from_json(number, fields.path_of(field)));
  return numbers;
}

Json series_to_json(const Series& series) {
  return {{"implementation", series.implementation},
          {"clock", name_of(series.clock)},
          {"state", name_of(series.state)},
          {"detail", series.detail},
          {"samples_us", numbers_to_json(series.samples_us)},
          {"sm_clock_mhz", numbers_to_json(series.sm_clock_mhz)},
          {"dropped", series.dropped},
          {"turns", series.turns}};
}

Series series_from_json(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  Series series;
  series.implementation = fields.text("implementation");
  series.clock = named(kClocks, fields, "clock");
  series.state = named(kStates, fields, "state");
  series.detail = fields.text("detail");
  series.samples_us = numbers_from_json(fields, "samples_us");
  series.sm_clock_mhz = numbers_from_json(fields, "sm_clock_mhz");
  series.dropped = fields.integer("dropped");
  series.turns = fields.integers("turns");
  fields.expect_no_more();
  return series;
}

Json row_to_json(const BenchRow& row) {
  Json series = Json::array();
  for (const Series& one : row.series) series.push_back(series_to_json(one));
  return {{"part", name_of(row.part)},
          {"op", row.op},
          {"direction", row.direction},
          {"model", row.model},
          {"lengths", row.lengths},
          {"descriptor", row.descriptor},
          {"judged", row.judged},
          {"segments", row.segments},
          {"valid_tokens", row.valid_tokens},
          {"padded_tokens", row.padded_tokens},
          {"padding_share", number_to_json(row.padding_share)},
          {"longest_share", number_to_json(row.longest_share)},
          {"bytes", number_to_json(row.bytes)},
          {"flops", number_to_json(row.flops)},
          {"padded_flops", number_to_json(row.padded_flops)},
          {"series", std::move(series)}};
}

BenchRow row_from_json(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  BenchRow row;
  row.part = named(kParts, fields, "part");
  row.op = fields.text("op");
  row.direction = fields.text("direction");
  row.model = fields.text("model");
  row.lengths = fields.text("lengths");
  row.descriptor = fields.text("descriptor");
  row.judged = fields.text("judged");
  row.segments = fields.integer("segments");
  row.valid_tokens = fields.integer("valid_tokens");
  row.padded_tokens = fields.integer("padded_tokens");
  row.padding_share = fields.number("padding_share");
  row.longest_share = fields.number("longest_share");
  row.bytes = fields.number("bytes");
  row.flops = fields.number("flops");
  row.padded_flops = fields.number("padded_flops");
  for (const Json& series : fields.array("series"))
    row.series.push_back(
        series_from_json(series, fmt::format("{}.series[{}]", where, row.series.size())));
  fields.expect_no_more();
  return row;
}

Ceilings ceilings_from_json(const Json& value) {
  JsonFields fields(value, "ceilings");
  Ceilings ceilings{.copy_gb_s = fields.number("copy_gb_s"),
                    .matmul_tflop_s = fields.number("matmul_tflop_s"),
                    .how = fields.text("how")};
  fields.expect_no_more();
  return ceilings;
}

BenchRun run_from_json(const Json& document) {
  JsonFields fields(document, "");
  fields.expect_schema(kBenchSchema);
  BenchRun run;
  run.device = fields.text("device");
  run.command = fields.text("command");
  run.started = fields.text("started");
  run.elapsed_s = fields.number("elapsed_s");
  run.turns_id = fields.text("turns_id");
  run.environment = environment_from_json(fields.value("environment"), "environment");
  run.ceilings = ceilings_from_json(fields.value("ceilings"));
  for (const Json& row : fields.array("rows"))
    run.rows.push_back(row_from_json(row, fmt::format("rows[{}]", run.rows.size())));
  fields.expect_no_more();
  return run;
}

}  // namespace

std::string_view name_of(Clock clock) {
  switch (clock) {
    case Clock::events_cold:
      return "CUDA events, cold L2";
    case Clock::graph_warm:
      return "CUDA graph, warm L2";
    case Clock::host:
      return "host";
  }
  return "?";
}

std::string_view name_of(SeriesState state) {
  switch (state) {
    case SeriesState::timed:
      return "timed";
    case SeriesState::not_timed:
      return "not timed";
    case SeriesState::refused:
      return "refused";
  }
  return "?";
}

std::string_view name_of(BenchPart part) {
  switch (part) {
    case BenchPart::shapes:
      return "shapes";
    case BenchPart::tokens:
      return "tokens";
    case BenchPart::segments:
      return "segments";
    case BenchPart::break_even:
      return "break-even";
  }
  return "?";
}

double floor_us(const BenchRow& row, const Ceilings& ceilings) {
  const double copy = ceilings.copy_gb_s > 0 ? row.bytes / (ceilings.copy_gb_s * 1e3) : 0;
  const double matmul =
      ceilings.matmul_tflop_s > 0 ? row.flops / (ceilings.matmul_tflop_s * 1e6) : 0;
  return std::max(copy, matmul);
}

std::string title_of(const BenchRow& row) {
  std::string title = row.op;
  if (!row.direction.empty()) title += ":" + row.direction;
  if (!row.model.empty()) title += " " + row.model;
  if (!row.lengths.empty()) title += " " + row.lengths;
  return title;
}

std::string bench_json(const BenchRun& run) {
  Json rows = Json::array();
  for (const BenchRow& row : run.rows) rows.push_back(row_to_json(row));
  const Json document = {{"schema_version", kBenchSchema},
                         {"device", run.device},
                         {"command", run.command},
                         {"started", run.started},
                         {"elapsed_s", number_to_json(run.elapsed_s)},
                         {"turns_id", run.turns_id},
                         {"environment", environment_to_json(run.environment)},
                         {"ceilings",
                          {{"copy_gb_s", number_to_json(run.ceilings.copy_gb_s)},
                           {"matmul_tflop_s", number_to_json(run.ceilings.matmul_tflop_s)},
                           {"how", run.ceilings.how}}},
                         {"rows", std::move(rows)}};
  return json_text(document, 2) + "\n";
}

BenchRun read_bench_json(std::string_view text, const std::string& origin) {
  const Json document = parse_json(text, origin);
  try {
    return run_from_json(document);
  } catch (const ReportError& error) {
    throw ReportError(
        fmt::format("'{}' is not a {} run: {}; write it again with packproof bench --json", origin,
                    kBenchSchema, error.what()));
  }
}

std::string row_line(const BenchRow& row) { return json_text(row_to_json(row), -1); }

BenchRow read_row_line(std::string_view line) {
  return row_from_json(parse_json(line, "a row"), "row");
}

}  // namespace packproof::reports
