#include "harness/run/candidate.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/ops/op_list.h"
#include "harness/run/cuda_run.h"
#include "harness/run/simt_run.h"

namespace packproof::harness {
namespace {

constexpr std::string_view kSeeded = "seeded:";

std::vector<std::string> every_op() {
  std::vector<std::string> names;
  for (const Op& op : all_ops()) names.push_back(op.form.name);
  return names;
}

Candidate seeded(const SeededBugOf& found, const Schedule& schedule, const RunRanks& ranks) {
  const SeededBug* bug = found.bug;
  return {.name = std::string(kSeeded) + bug->id,
          .ops = {found.op->form.name},
          .run =
              [bug, schedule, ranks](const Op& op, CallMemory& memory) {
                memory.shield();
                return bug->run(memory.call(), [&](const Call& call) {
                  return run_on_simt(op, call, schedule, ranks);
                });
              },
          .schedule = schedule.name()};
}

}  // namespace

bool Candidate::offers(std::string_view op) const {
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

Candidate find_candidate(std::string_view name, const Schedule& schedule, const RunRanks& ranks) {
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
    if (!schedule.is_default())
      throw CaseError(
          fmt::format("--schedule {} is of the host executor, but candidate 'cuda' runs on a GPU: "
                      "use --candidate simt or seeded:<bug id>",
                      schedule.name()));
    if (const std::string lack = why_no_cuda(); !lack.empty())
      throw CaseError(
          fmt::format("candidate 'cuda' cannot run: {}; --candidate simt runs the same "
                      "kernels on the host",
                      lack));
    return {
        .name = "cuda",
        .ops = every_op(),
        .run = [ranks](const Op& op, CallMemory& memory) { return run_on_cuda(op, memory, ranks); },
        .schedule = {}};
  }
  if (name.starts_with(kSeeded)) {
    if (const SeededBugOf found = find_seeded_bug(name.substr(kSeeded.size())); found.bug)
      return seeded(found, schedule, ranks);
  }
  throw CaseError(fmt::format("no candidate is named '{}'; there are {}", name,
                              fmt::join(candidate_names(), ", ")));
}

std::vector<std::string> candidate_names() {
  std::vector<std::string> names = {"simt", "cuda"};
  for (const Op& op : all_ops())
    for (const SeededBug& bug : op.form.seeded_bugs) names.push_back(std::string(kSeeded) + bug.id);
  return names;
}

SeededBugOf find_seeded_bug(std::string_view id) {
  for (const Op& op : all_ops())
    for (const SeededBug& bug : op.form.seeded_bugs)
      if (bug.id == id) return {.op = &op, .bug = &bug};
  return {};
}

}  // namespace packproof::harness
