#include "harness/candidates/candidate.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/core/case_text.h"
#include "harness/candidates/cuda_graph_run.h"
#include "harness/candidates/cuda_run.h"
#include "harness/candidates/simt_run.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

constexpr std::string_view kSeeded = "seeded:";
constexpr std::string_view kSeededOnCuda = "cuda-seeded:";

std::vector<std::string> every_op() {
  std::vector<std::string> names;
  for (const Op& op : all_ops()) names.push_back(op.form.name);
  return names;
}

std::vector<std::string> ops_that_can_be_captured() {
  std::vector<std::string> names;
  for (const Op& op : all_ops())
    if (can_be_captured(op)) names.push_back(op.form.name);
  return names;
}

// Throws CaseError where a candidate on the GPU cannot run.
void expect_gpu(std::string_view name, const Schedule& schedule) {
  if (!schedule.is_default())
    throw CaseError(
        fmt::format("--schedule {} is of the host executor, but candidate '{}' runs on a GPU: use "
                    "--candidate simt or seeded:<bug id>",
                    schedule.name(), name));
  if (const std::string lack = why_no_cuda(); !lack.empty())
    throw CaseError(fmt::format(
        "candidate '{}' cannot run: {}; --candidate simt runs the same kernels on the host", name,
        lack));
}

// `healthy`: how the op runs on the call that the bug has changed.
using HealthyRun = std::function<Returned(const Op& op, const Call& call)>;

Candidate seeded(std::string_view prefix, const SeededBugOf& found, std::string schedule,
                 const HealthyRun& healthy) {
  const SeededBug* bug = found.bug;
  return {.name = std::string(prefix) + bug->id,
          .ops = {found.op->form.name},
          .run =
              [bug, healthy](const Op& op, CallMemory& memory) {
                memory.shield();
                return bug->run(memory.call(), [&](const Call& call) { return healthy(op, call); });
              },
          .schedule = std::move(schedule)};
}

}  // namespace

std::string_view name_of(Comm comm) {
  constexpr std::array<std::string_view, 3> kNames = {"threads", "mpi", "nccl"};
  return kNames.at(static_cast<std::size_t>(comm));
}

bool Candidate::offers(std::string_view op) const {
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

Candidate find_candidate(std::string_view name, const Schedule& schedule,
                         const RunRanks& given_ranks) {
  const bool on_gpu = name.starts_with("cuda");
  const RunRanks ranks =
      given_ranks ? given_ranks : thread_ranks(on_gpu ? Pace::one_at_a_time : Pace::together);
  if (name == "simt")
    return {.name = "simt",
            .ops = every_op(),
            .run =
                [schedule, ranks](const Op& op, CallMemory& memory) {
                  memory.shield();
                  return run_on_simt(op, memory.call(), schedule, ranks);
                },
            .schedule = schedule.name()};
  if (name == "cuda") {
    expect_gpu(name, schedule);
    return {
        .name = "cuda",
        .ops = every_op(),
        .run = [ranks](const Op& op, CallMemory& memory) { return run_on_cuda(op, memory, ranks); },
        .schedule = {}};
  }
  if (name == "cuda-graph") {
    expect_gpu(name, schedule);
    return {.name = "cuda-graph", .ops = ops_that_can_be_captured(), .run = run_on_cuda_graph};
  }
  if (name.starts_with(kSeeded)) {
    if (const SeededBugOf found = find_seeded_bug(name.substr(kSeeded.size())); found.bug)
      return seeded(kSeeded, found, schedule.name(),
                    [schedule, ranks](const Op& op, const Call& call) {
                      return run_on_simt(op, call, schedule, ranks);
                    });
  }
  if (name.starts_with(kSeededOnCuda)) {
    if (const SeededBugOf found = find_seeded_bug(name.substr(kSeededOnCuda.size())); found.bug) {
      expect_gpu(name, schedule);
      return seeded(kSeededOnCuda, found, {}, [ranks](const Op& op, const Call& call) {
        return run_on_cuda(op, call, ranks);
      });
    }
  }
  const std::vector<std::string> names = candidate_names();
  const std::string near = nearest_name(name, names);
  throw CaseError(
      fmt::format("no candidate is named {};{} there are simt, cuda, cuda-graph, seeded:<bug id> "
                  "and cuda-seeded:<bug id>: 'packproof list candidates' names all",
                  in_quotes(name), near.empty() ? "" : fmt::format(" did you mean '{}'?", near)));
}

std::vector<std::string> candidate_names() {
  std::vector<std::string> names = {"simt", "cuda", "cuda-graph"};
  for (const std::string_view prefix : {kSeeded, kSeededOnCuda})
    for (const Op& op : all_ops())
      for (const SeededBug& bug : op.form.seeded_bugs)
        names.push_back(std::string(prefix) + bug.id);
  return names;
}

SeededBugOf find_seeded_bug(std::string_view id) {
  for (const Op& op : all_ops())
    for (const SeededBug& bug : op.form.seeded_bugs)
      if (bug.id == id) return {.op = &op, .bug = &bug};
  return {};
}

}  // namespace packproof::harness
