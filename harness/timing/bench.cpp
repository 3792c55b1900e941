#include "harness/timing/bench.h"

#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/run/candidate.h"
#include "harness/run/case_pool.h"
#include "harness/run/isolated_run.h"
#include "harness/timing/machine.h"
#include "harness/timing/row_process.h"

namespace packproof::harness {
namespace {

using reports::BenchRow;

void say(const BenchEvents& events, const std::string& line) {
  if (events.progress) events.progress(line);
}

NotPassed judge_all(const std::vector<PlannedRow>& rows, const BenchOptions& options,
                    const BenchEvents& events) {
  std::map<std::string, Case> to_judge;
  for (const PlannedRow& planned : rows)
    if (times_candidate(planned, options.timing.device))
      to_judge.emplace(planned.row.judged, planned.judged);
  std::vector<Case> cases;
  cases.reserve(to_judge.size());
  for (const auto& [descriptor, the_case] : to_judge) cases.push_back(the_case);
  say(events, fmt::format("judging {} cases: only what passes is timed", cases.size()));

  NotPassed failed;
  // A failure of the harness is a record too.
  run_cases(cases, find_candidate(options.timing.device == BenchDevice::gpu ? "cuda" : "simt"),
            {.jobs = options.jobs, .fail_fast = false, .judge = {.timeout = options.judge_timeout}},
            {.started = {},
             .finished =
                 [&](std::size_t, const reports::Record& record) {
                   if (record.outcome != reports::Outcome::pass)
                     failed[record.descriptor] = fmt::format(
                         "{}{}{}; see {}", name_of(record.outcome),
                         record.detail.empty() ? "" : ": ", record.detail, record.repro);
                 },
             .tick = {}});
  say(events, fmt::format("{} of {} pass", cases.size() - failed.size(), cases.size()));
  return failed;
}

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
  const NotPassed failed = judge_all(planned, options, events);
  reports::BenchRun run;
  run.device = machine.device;
  run.ceilings = machine.ceilings;
  run.rows.reserve(planned.size());
  time_rows(planned, failed, options.timing, options.timing_timeout, [&](BenchRow row) {
    refuse_impossible(row, run.ceilings);
    if (events.timed) events.timed(row);
    run.rows.push_back(std::move(row));
  });
  return run;
}

}  // namespace packproof::harness
