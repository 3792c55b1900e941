#include "harness/pipeline/case_pool.h"

#include <algorithm>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "harness/ops/op_list.h"
#include "harness/pipeline/candidate_process.h"
#include "harness/pipeline/case_record.h"
#include "harness/process/child_process.h"
#include "harness/process/crash_message.h"
#include "harness/process/harness_failure.h"
#include "harness/process/what_in_short.h"
#include "reference/core/libtorch.h"
#include "reports/records/record_json.h"

namespace packproof::harness {
namespace {

using std::chrono::steady_clock;

// Far beyond what references and baselines of the largest case need.
constexpr auto kHarnessAllowance = std::chrono::minutes(30);
constexpr auto kTick = std::chrono::milliseconds(200);

struct Running {
  std::size_t index;
  std::unique_ptr<CandidateWorker> worker;  // null: the candidate has a process of its own
  ChildProcess process;
  steady_clock::time_point deadline;
};

// The workers of the cases that run at a time, as many as that makes.
class Workers {
 public:
  Workers(std::span<const Case> cases, const Candidate& candidate, const PoolOptions& options)
      : cases_(cases),
        candidate_(candidate),
        wanted_(options.shares_process.value_or(candidate.executor->shares_process() &&
                                                cases.size() > 1)) {}

  // One that no case has; null where each has a process of its own.
  std::unique_ptr<CandidateWorker> take() {
    if (!wanted_) return nullptr;
    if (idle_.empty()) return std::make_unique<CandidateWorker>(cases_, candidate_);
    std::unique_ptr<CandidateWorker> worker = std::move(idle_.back());
    idle_.pop_back();
    return worker;
  }

  void give_back(std::unique_ptr<CandidateWorker> worker) {
    if (worker) idle_.push_back(std::move(worker));
  }

  // Why those that no case has did not end well.
  std::vector<std::string> end() {
    std::vector<std::string> reasons;
    for (const std::unique_ptr<CandidateWorker>& worker : idle_)
      if (const std::string why = worker->end(); !why.empty())
        reasons.push_back("a process of the candidate did not end well after its last case: " +
                          why);
    idle_.clear();
    return reasons;
  }

 private:
  std::span<const Case> cases_;
  const Candidate& candidate_;
  bool wanted_;
  std::vector<std::unique_ptr<CandidateWorker>> idle_;
};

// The record that stands in when our own process failed.
reports::Record harness_failure(const Op& op, const Case& the_case, const Candidate& candidate,
                                const std::string& why) {
  return CaseRecord(op.form, the_case, candidate).mistrusted(std::string(kHarnessFailed) + why);
}

std::string judge_to_text(const Op& op, const Case& the_case, const Candidate& candidate,
                          const JudgeOptions& options) {
  try {
    reference::use_one_libtorch_thread();
    return reports::json_text(reports::record_to_json(judge(op, the_case, candidate, options)), -1);
  } catch (const std::exception& error) {
    return "!" + what_in_short(error);
  }
}

}  // namespace

PoolResult run_cases(std::span<const Case> cases, const Candidate& candidate,
                     const PoolOptions& options, const PoolEvents& events) {
  PoolResult result;
  Workers workers(cases, candidate, options);
  std::list<Running> running;
  std::size_t next = 0;
  int failures = 0;
  bool stop = false, interrupted = false;

  const auto start_one = [&] {
    const Case& the_case = cases[next];
    const Op& op = *find_op(the_case.op);
    if (events.started) events.started(next);
    std::unique_ptr<CandidateWorker> worker = workers.take();
    ChildProcess process([&] {
      JudgeOptions judge = options.judge;
      std::optional<WorkerProcess> turn;
      if (worker) judge.process = &turn.emplace(*worker, next);
      return judge_to_text(op, the_case, candidate, judge);
    });
    running.push_back(
        {.index = next++,
         .worker = std::move(worker),
         .process = std::move(process),
         .deadline = steady_clock::now() + options.judge.timeout + kHarnessAllowance});
  };
  const auto finish = [&](Running& done) {
    const ChildResult child = done.process.wait(std::chrono::seconds(10));
    const Case& the_case = cases[done.index];
    const Op& op = *find_op(the_case.op);
    std::string why;
    if (child.said.empty() || child.timed_out)
      why = crash_message(describe_status(child.status), child.output);
    else if (child.said.front() == '!')
      why = child.said.substr(1);
    reports::Record record =
        why.empty()
            ? reports::record_from_json(reports::parse_json(child.said, "case process"), "record")
            : harness_failure(op, the_case, candidate, why);
    // One whose asker failed may still be at work for it.
    if (why.empty())
      workers.give_back(std::move(done.worker));
    else
      result.harness_failures.push_back(record.descriptor + ": " + why);
    failures += is_failure(record) ? 1 : 0;
    stop = options.most_failures > 0 && failures >= options.most_failures;
    if (events.finished) events.finished(done.index, std::move(record));
  };

  while (!running.empty() || (next < cases.size() && !stop)) {
    while (next < cases.size() && !stop && std::ssize(running) < std::max(1, options.jobs))
      start_one();
    std::vector<int> pipes;
    for (const Running& r : running) pipes.push_back(r.process.pipe());
    wait_for_any(pipes, steady_clock::now() + kTick);
    if (events.tick) events.tick();
    interrupted = options.interrupted && options.interrupted();
    if (interrupted) break;
    for (auto r = running.begin(); r != running.end();) {
      if (!r->process.drain() && steady_clock::now() < r->deadline) {
        ++r;
        continue;
      }
      finish(*r);
      r = running.erase(r);
    }
  }
  result.not_started = cases.size() - next;
  if (!interrupted) result.ended_badly = workers.end();
  return result;
}

}  // namespace packproof::harness
