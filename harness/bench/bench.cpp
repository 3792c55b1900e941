#include "harness/bench/bench.h"

#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/bench/machine.h"
#include "harness/bench/other_build.h"
#include "harness/bench/row_process.h"
#include "harness/process/isolated_run.h"
#include "reports/text/printable_text.h"

namespace packproof::harness {
namespace {

void say(const BenchEvents& events, const std::string& line) {
  if (events.progress) events.progress(line);
}

std::vector<Case> cases_to_judge(const std::vector<PlannedRow>& rows, Device device) {
  std::map<std::string, Case> to_judge;
  for (const PlannedRow& planned : rows)
    if (times_candidate(planned, device)) to_judge.emplace(planned.row.judged, planned.judged);
  std::vector<Case> cases;
  cases.reserve(to_judge.size());
  for (const auto& [descriptor, the_case] : to_judge) cases.push_back(the_case);
  return cases;
}

Machine machine_of(const BenchOptions& options) {
  Isolated<Machine> ran =
      run_isolated([&] { return measure_machine(options.timing); }, options.timing_timeout);
  if (ran.ending != Isolated<Machine>::Ending::returned)
    throw std::runtime_error("measuring the machine's ceilings failed: " + ran.message);
  return std::move(ran.returned);
}

}  // namespace

BenchRuns run_bench(const BenchOptions& options, const BenchEvents& events) {
  const std::vector<PlannedRow> planned = plan_bench(options.selection, options.timing.device());
  BenchRuns runs;
  std::optional<OtherBuild> other;
  if (!options.against.empty()) {
    other.emplace(options.against);
    runs.other = reports::BenchRun{.environment = other->environment()};
  }
  const Machine machine = machine_of(options);
  say(events,
      fmt::format("{}: a copy reaches {:.0f} GB/s, a matrix product {:.3g} TFLOP/s", machine.device,
                  machine.ceilings.copy_gb_s, machine.ceilings.matmul_tflop_s));

  const std::vector<Case> cases = cases_to_judge(planned, options.timing.device());
  const JudgeCasesOptions judge{.candidate = options.timing.candidate,
                                .jobs = options.jobs,
                                .timeout = options.judge_timeout};
  say(events, fmt::format("judging {}: only what passes is timed",
                          reports::counted(std::ssize(cases), "case")));
  runs.not_passed = judge_cases(cases, judge);
  say(events, fmt::format("{} of {} pass", cases.size() - runs.not_passed.size(), cases.size()));
  OtherSide side{.program = options.against, .not_passed = {}};
  if (other) {
    side.not_passed = other->judge(cases, judge);
    say(events, fmt::format("{} of {} pass in {}", cases.size() - side.not_passed.size(),
                            cases.size(), options.against));
    other.reset();
  }

  for (reports::BenchRun* run : {&runs.run, runs.other ? &*runs.other : nullptr}) {
    if (run == nullptr) continue;
    run->device = machine.device;
    run->ceilings = machine.ceilings;
    run->rows.reserve(planned.size());
  }
  time_rows(planned, runs.not_passed, options.timing, runs.other ? &side : nullptr,
            options.timing_timeout, [&](TimedRow row) {
              refuse_impossible(row.ours, machine.ceilings);
              if (events.timed) events.timed(row.ours);
              runs.run.rows.push_back(std::move(row.ours));
              if (row.theirs) {
                refuse_impossible(*row.theirs, machine.ceilings);
                runs.other->rows.push_back(std::move(*row.theirs));
              }
              if (events.so_far) events.so_far(runs);
            });
  return runs;
}

}  // namespace packproof::harness
