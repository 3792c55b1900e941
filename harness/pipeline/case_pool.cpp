#include "harness/pipeline/case_pool.h"

#include <poll.h>

#include <algorithm>
#include <list>
#include <utility>

#include "harness/ops/op_list.h"
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

struct Running {
  std::size_t index;
  ChildProcess process;
  steady_clock::time_point deadline;
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
  std::list<Running> running;
  std::size_t next = 0;
  int failures = 0;
  bool stop = false;

  const auto start_one = [&] {
    const Case& the_case = cases[next];
    const Op& op = *find_op(the_case.op);
    if (events.started) events.started(next);
    running.push_back(
        {.index = next++,
         .process =
             ChildProcess([&] { return judge_to_text(op, the_case, candidate, options.judge); }),
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
    if (!why.empty()) result.harness_failures.push_back(record.descriptor + ": " + why);
    failures += is_failure(record) ? 1 : 0;
    stop = options.most_failures > 0 && failures >= options.most_failures;
    if (events.finished) events.finished(done.index, std::move(record));
  };

  while (!running.empty() || (next < cases.size() && !stop)) {
    while (next < cases.size() && !stop && std::ssize(running) < std::max(1, options.jobs))
      start_one();
    std::vector<pollfd> pipes;
    for (const Running& r : running)
      pipes.push_back({.fd = r.process.pipe(), .events = POLLIN, .revents = 0});
    ::poll(pipes.data(), pipes.size(), 200);
    if (events.tick) events.tick();
    if (options.interrupted && options.interrupted()) break;
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
  return result;
}

}  // namespace packproof::harness
