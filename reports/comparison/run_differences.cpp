#include "reports/comparison/run_differences.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "reports/statistics/statistics.h"

namespace packproof::reports {
namespace {

constexpr std::string_view kDriver = ", driver ";  // as in BenchRun::device

bool has_driver(const BenchRun& run) { return run.device.find(kDriver) != std::string::npos; }

std::string without_driver(const std::string& device) {
  return device.substr(0, device.find(kDriver));
}

std::string machine_of(const BenchRun& run, Clock clock) {
  const std::string& cpu = run.environment.cpu;
  if (clock != Clock::host) return without_driver(run.device);
  if (has_driver(run) && !cpu.empty()) return cpu;
  if (cpu.empty() || cpu == run.device) return run.device;
  return fmt::format("{} ({})", cpu, run.device);
}

void add_unique(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

}  // namespace

std::string machine_difference(const BenchRun& old_run, const BenchRun& new_run, Clock clock) {
  const std::string before = machine_of(old_run, clock), after = machine_of(new_run, clock);
  if (before == after) return {};
  return fmt::format("timed on {}, then on {}", before, after);
}

std::vector<std::string> run_differences(const BenchRun& old_run, const BenchRun& new_run) {
  const Environment &before = old_run.environment, &after = new_run.environment;
  const struct {
    std::string_view name;
    const std::string &before, &after;
  } facts[] = {
      {"device", old_run.device, new_run.device},
      {"CPU", before.cpu, after.cpu},
      {"compiler", before.compiler, after.compiler},
      {"build type", before.build_type, after.build_type},
      {"libtorch", before.libtorch, after.libtorch},
      {"CUDA", before.cuda, after.cuda},
  };
  std::vector<std::string> differences;
  for (const auto& fact : facts)
    if (fact.before != fact.after && !fact.before.empty() && !fact.after.empty())
      differences.push_back(fmt::format("{}: {}, then {}", fact.name, fact.before, fact.after));
  if (before.sanitizers != after.sanitizers)  // empty: none
    differences.push_back(fmt::format("sanitizers: {}, then {}",
                                      before.sanitizers.empty() ? "none" : before.sanitizers,
                                      after.sanitizers.empty() ? "none" : after.sanitizers));
  return differences;
}

std::string sm_clock_difference(const Series& old_series, const Series& new_series) {
  constexpr double kNoticed = 0.03;
  if (old_series.sm_clock_mhz.empty() || new_series.sm_clock_mhz.empty()) return {};
  const double before = median(old_series.sm_clock_mhz), after = median(new_series.sm_clock_mhz);
  if (!(std::abs(after - before) > kNoticed * before)) return {};
  return fmt::format("SM clock {:.0f} MHz, then {:.0f} MHz", before, after);
}

std::string contents_of(const BenchRun& run, const std::string& origin) {
  std::vector<std::string> ops, implementations;
  std::size_t count = 0;
  for (const BenchRow& row : run.rows)
    for (const Series& series : row.series) {
      ++count;
      add_unique(ops, row.direction.empty() ? row.op : row.op + ":" + row.direction);
      add_unique(implementations, series.implementation);
    }
  if (count == 0) return fmt::format("'{}' has no series", origin);
  constexpr std::size_t kMost = 8;
  const std::size_t more = ops.size() - std::min(ops.size(), kMost);
  ops.resize(ops.size() - more);
  if (more > 0) ops.push_back(fmt::format("{} more", more));
  return fmt::format("'{}' has {} series of {} by {}", origin, count, fmt::join(ops, ", "),
                     fmt::join(implementations, ", "));
}

}  // namespace packproof::reports
