#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "reports/bench/bench_import.h"
#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"

namespace packproof::reports {
namespace {

namespace fs = std::filesystem;

// A list without entries is null in the file, not [].
const Json& list_of(JsonFields& fields, const std::string& name) {
  static const Json empty = Json::array();
  const Json& found = fields.value(name);
  return found.is_null() ? empty : fields.array(name);
}

// The text of one of [{"name", "type", "value"}, ...].
std::optional<std::string> named_value(const Json& list, const std::string& name,
                                       const std::string& where) {
  for (const Json& one : list) {
    JsonFields fields(one, where);
    if (fields.text("name") == name) return fields.text("value");
  }
  return std::nullopt;
}

double number_of(const std::string& text, const std::string& where) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    throw ReportError(fmt::format("{} must be a number in a string, found \"{}\"", where, text));
  return number;
}

// The results of one state by their tags.
class Summaries {
 public:
  Summaries(const Json& list, std::string where) : list_(list), where_(std::move(where)) {}

  // A value of the summary with this tag; nothing if either is missing.
  std::optional<std::string> text(const std::string& tag, const std::string& name) const {
    for (const Json& summary : list_) {
      JsonFields fields(summary, where_);
      if (fields.text("tag") == tag && summary.contains("data"))
        return named_value(list_of(fields, "data"), name, where_ + " " + tag);
    }
    return std::nullopt;
  }

  std::optional<double> value(const std::string& tag) const {
    const std::optional<std::string> found = text(tag, "value");
    if (!found) return std::nullopt;
    return number_of(*found, where_ + " " + tag);
  }

 private:
  const Json& list_;
  std::string where_;
};

// Where the file is that a summary names. Relative to the JSON file; versions before that rule gave
// the path from where nvbench was started, whose last two parts lie beside the JSON file.
fs::path sidecar_path(const fs::path& json_path, const fs::path& named) {
  const fs::path folder = json_path.parent_path();
  if (fs::path beside = folder / named; named.is_absolute() || fs::exists(beside)) return beside;
  return folder / named.parent_path().filename() / named.filename();
}

// Little-endian float32; `count` of them. Nothing if there is no such file.
std::optional<std::vector<double>> read_floats(const fs::path& path, double count) {
  if (!fs::exists(path)) return std::nullopt;
  const std::string bytes = read_whole_file(path.string(), kMostRunBytes);
  if (static_cast<double>(bytes.size()) != 4 * count)
    throw ReportError(fmt::format("'{}' has {} bytes instead of 4 for each of {} samples",
                                  path.string(), bytes.size(), count));
  std::vector<double> numbers;
  numbers.reserve(bytes.size() / 4);
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    std::uint32_t bits = 0;
    for (std::size_t i = 4; i-- > 0;) bits = bits << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    numbers.push_back(std::bit_cast<float>(bits));
  }
  return numbers;
}

// Of "nv/json/bin:nv/cold/sample_times" and the like.
std::optional<std::vector<double>> sidecar(const Summaries& summaries, const std::string& tag,
                                           const fs::path& json_path) {
  const auto file = summaries.text(tag, "filename"), size = summaries.text(tag, "size");
  if (!file || !size) return std::nullopt;
  return read_floats(sidecar_path(json_path, *file), number_of(*size, tag));
}

// False where this kind of measurement was not made: "nv/cold" with "gpu", "nv/cpu_only" with
// "cpu".
bool read_times(const Summaries& summaries, const std::string& kind, const std::string& device,
                const fs::path& json_path, Series& series) {
  const std::string times = fmt::format("{}/time/{}/", kind, device);
  if (const auto seconds = sidecar(summaries, "nv/json/bin:" + kind + "/sample_times", json_path)) {
    for (const double second : *seconds) series.samples_us.push_back(second * 1e6);
    const auto hertz = sidecar(summaries, "nv/json/freqs-bin:" + kind + "/sample_freqs", json_path);
    if (hertz && hertz->size() == seconds->size())
      for (const double one : *hertz) series.sm_clock_mhz.push_back(one / 1e6);
    return true;
  }
  for (const char* middle : {"median", "mean"}) {
    const std::optional<double> seconds = summaries.value(times + middle);
    if (!seconds) continue;
    series.samples_us.push_back(*seconds * 1e6);
    series.detail = fmt::format(
        "only the {} of nvbench's samples: --jsonbin writes them, beside the JSON file", middle);
    return true;
  }
  return false;
}

std::string axes_of(JsonFields& state, const std::string& where) {
  std::string axes;
  for (const Json& value : list_of(state, "axis_values")) {
    JsonFields axis(value, where + ".axis_values");
    axes += fmt::format("{}{}={}", axes.empty() ? "" : " ", axis.text("name"), axis.text("value"));
  }
  return axes;
}

BenchRow row_of(const std::string& benchmark, const Json& value, const std::string& where,
                const fs::path& json_path) {
  JsonFields state(value, where);
  Series series{.implementation = "nvbench", .clock = Clock::events_cold};
  const Summaries summaries(list_of(state, "summaries"), where + ".summaries");
  if (state.flag("is_skipped")) {
    series.state = SeriesState::not_timed;
    series.detail = state.text("skip_reason");
  } else if (!read_times(summaries, "nv/cold", "gpu", json_path, series)) {
    series.clock = Clock::host;
    if (!read_times(summaries, "nv/cpu_only", "cpu", json_path, series)) {
      series.clock = Clock::events_cold;
      series.state = SeriesState::not_timed;
      series.detail = "no summary of nv/cold or nv/cpu_only times";
    }
  }
  const std::string axes = axes_of(state, where);
  return {.op = benchmark,
          .lengths = axes,
          .descriptor = axes.empty() ? benchmark : benchmark + " " + axes,
          .series = {std::move(series)}};
}

struct StateRow {
  std::int64_t device = 0;
  BenchRow row;
};

std::vector<StateRow> state_rows(JsonFields& document, const fs::path& json_path) {
  std::vector<StateRow> rows;
  std::size_t index = 0;
  for (const Json& value : list_of(document, "benchmarks")) {
    const std::string where = fmt::format("benchmarks[{}]", index++);
    JsonFields benchmark(value, where);
    const std::string name = benchmark.text("name");
    std::size_t state_index = 0;
    for (const Json& state : list_of(benchmark, "states")) {
      const std::string state_where = fmt::format("{}.states[{}]", where, state_index++);
      rows.push_back({.device = JsonFields(state, state_where).integer("device"),
                      .row = row_of(name, state, state_where, json_path)});
    }
  }
  return rows;
}

// The file lists every device of the machine: only those that ran something count.
std::string names_of(JsonFields& document, const std::set<std::int64_t>& ran) {
  std::set<std::string> names;
  for (const Json& value : list_of(document, "devices")) {
    JsonFields device(value, "devices");
    if (ran.contains(device.integer("id"))) names.insert(device.text("name"));
  }
  return fmt::format("{}", fmt::join(names, "; "));
}

BenchRun run_of(const Json& document, const fs::path& json_path) {
  JsonFields fields(document, "");
  BenchRun run;
  for (const Json& arg : document["meta"].value("argv", Json::array()))
    if (arg.is_string()) run.command += (run.command.empty() ? "" : " ") + arg.get<std::string>();
  std::vector<StateRow> states = state_rows(fields, json_path);
  std::set<std::int64_t> ran;
  for (const StateRow& state : states) ran.insert(state.device);
  run.device = names_of(fields, ran);
  run.rows.reserve(states.size());
  for (StateRow& state : states) {
    if (ran.size() > 1) {
      const std::string device = fmt::format("Device={}", state.device);
      state.row.lengths += (state.row.lengths.empty() ? "" : " ") + device;
      state.row.descriptor += " " + device;
    }
    run.rows.push_back(std::move(state.row));
  }
  return run;
}

}  // namespace

BenchRun import_nvbench(const Json& document, const std::string& path) {
  try {
    return run_of(document, path);
  } catch (const ReportError& error) {
    throw ReportError(fmt::format("'{}' is no file of nvbench: {}", path, error.what()));
  }
}

}  // namespace packproof::reports
