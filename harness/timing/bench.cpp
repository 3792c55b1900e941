#include "harness/timing/bench.h"

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/run/candidate.h"
#include "harness/run/case_pool.h"
#include "harness/run/isolated_run.h"
#include "harness/timing/machine.h"
#include "reports/summary.h"

namespace packproof::harness {
namespace {

using reports::BenchRow;

// Descriptors of judged cases that did not pass, with why.
using Failed = std::map<std::string, std::string>;

void say(const BenchEvents& events, const std::string& line) {
  if (events.progress) events.progress(line);
}

Failed judge_all(const std::vector<PlannedRow>& rows, const BenchOptions& options,
                 const BenchEvents& events) {
  const bool on_gpu = options.timing.device == BenchDevice::gpu;
  std::map<std::string, Case> to_judge;
  for (const PlannedRow& planned : rows)
    if (on_gpu || planned.row.part == reports::BenchPart::shapes)
      to_judge.emplace(planned.row.judged, planned.judged);
  std::vector<Case> cases;
  cases.reserve(to_judge.size());
  for (const auto& [descriptor, the_case] : to_judge) cases.push_back(the_case);
  say(events, fmt::format("judging {} cases: only what passes is timed", cases.size()));

  Failed failed;
  const PoolResult pool = run_cases(
      cases, find_candidate(on_gpu ? "cuda" : "simt"),
      {.jobs = options.jobs, .fail_fast = false, .judge = {.timeout = options.judge_timeout}},
      {.started = {},
       .finished =
           [&](std::size_t, const reports::Record& record) {
             if (record.outcome != reports::Outcome::pass)
               failed[record.descriptor] = fmt::format("{}: {}; see {}", name_of(record.outcome),
                                                       record.detail, record.repro);
           },
       .tick = {}});
  for (const std::string& failure : pool.harness_failures)
    failed[failure.substr(0, failure.find(": "))] = failure;
  say(events, fmt::format("{} of {} pass", cases.size() - failed.size(), cases.size()));
  return failed;
}

// Rows from `begin` on that one process times one after the other: those of one op and part.
std::size_t batch_end(const std::vector<PlannedRow>& rows, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < rows.size() && rows[end].op == rows[begin].op &&
         rows[end].row.part == rows[begin].row.part)
    ++end;
  return end;
}

// A row that nobody timed, because its process died.
BenchRow lost(const PlannedRow& planned, const TimingOptions& options, const std::string& why) {
  BenchRow row = planned.row;
  const bool on_gpu = options.device == BenchDevice::gpu;
  row.series.push_back({.implementation = on_gpu ? "cuda" : "simt",
                        .clock = on_gpu ? reports::Clock::events_cold : reports::Clock::host,
                        .state = reports::SeriesState::not_timed,
                        .detail = why});
  return row;
}

class BatchTimer {
 public:
  BatchTimer(const std::vector<PlannedRow>& rows, const Failed& failed, const BenchOptions& options)
      : rows_(rows), failed_(failed), options_(options) {}

  // Rows [begin, end), of which the last may be one that ended the process.
  std::vector<BenchRow> time(std::size_t begin, std::size_t end) const {
    // The lines of finished rows outlive the process.
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> lines(std::tmpfile(), &std::fclose);
    if (!lines) throw std::runtime_error("no temporary file can be made for the rows");
    const IsolatedResult ran = run_isolated(
        [&]() -> Returned {
          for (std::size_t i = begin; i < end; ++i) {
            const auto why = failed_.find(rows_[i].row.judged);
            const BenchRow row = time_row(rows_[i], options_.timing,
                                          why == failed_.end() ? std::string() : why->second);
            fmt::print(lines.get(), "{}\n", row_line(row));
            std::fflush(lines.get());
          }
          return {};
        },
        options_.timing_timeout* static_cast<std::int64_t>(end - begin));
    std::vector<BenchRow> timed = read_back(lines.get());
    if (ran.ending != IsolatedResult::Ending::returned && timed.size() < end - begin)
      timed.push_back(lost(rows_[begin + timed.size()], options_.timing, ran.message));
    return timed;
  }

 private:
  static std::vector<BenchRow> read_back(std::FILE* lines) {
    std::rewind(lines);
    std::string text;
    std::array<char, 1 << 16> part{};
    while (const std::size_t count = std::fread(part.data(), 1, part.size(), lines))
      text.append(part.data(), count);
    std::vector<BenchRow> rows;
    for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos;
         begin = end + 1)
      rows.push_back(reports::read_row_line(std::string_view(text).substr(begin, end - begin)));
    return rows;
  }

  const std::vector<PlannedRow>& rows_;
  const Failed& failed_;
  const BenchOptions& options_;
};

Machine machine_of(const BenchOptions& options) {
  const IsolatedResult ran = run_isolated(
      [&]() -> Returned {
        const Machine machine = measure_machine(options.timing);
        return {machine.device, machine.ceilings.how, fmt::format("{}", machine.ceilings.copy_gb_s),
                fmt::format("{}", machine.ceilings.matmul_tflop_s)};
      },
      options.timing_timeout);
  if (ran.ending != IsolatedResult::Ending::returned)
    throw std::runtime_error("measuring the machine's ceilings failed: " + ran.message);
  return {.ceilings = {.copy_gb_s = std::stod(ran.returned[2]),
                       .matmul_tflop_s = std::stod(ran.returned[3]),
                       .how = ran.returned[1]},
          .device = ran.returned[0]};
}

}  // namespace

reports::BenchRun run_bench(const BenchOptions& options, const BenchEvents& events) {
  const std::vector<PlannedRow> planned = plan_bench(options.selection, options.timing.device);
  const Machine machine = machine_of(options);
  say(events,
      fmt::format("{}: a copy reaches {:.0f} GB/s, a matrix product {:.3g} TFLOP/s", machine.device,
                  machine.ceilings.copy_gb_s, machine.ceilings.matmul_tflop_s));
  const Failed failed = judge_all(planned, options, events);
  reports::BenchRun run;
  run.device = machine.device;
  run.ceilings = machine.ceilings;
  run.rows.reserve(planned.size());
  const BatchTimer timer(planned, failed, options);
  while (run.rows.size() < planned.size()) {
    const std::size_t begin = run.rows.size();
    for (BenchRow& row : timer.time(begin, batch_end(planned, begin))) {
      refuse_impossible(row, run.ceilings);
      if (events.timed) events.timed(row);
      run.rows.push_back(std::move(row));
    }
  }
  return run;
}

}  // namespace packproof::harness
