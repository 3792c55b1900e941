#include "harness/candidates/candidate.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/core/case_text.h"
#include "harness/candidates/cuda_graph_run.h"
#include "harness/candidates/cuda_run.h"
#include "harness/candidates/seeded_run.h"
#include "harness/candidates/simt_run.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

// "a, b and c".
std::string listed(const std::vector<std::string>& names) {
  const std::vector<std::string> first(names.begin(), names.end() - 1);
  return fmt::format("{} and {}", fmt::join(first, ", "), names.back());
}

// Throws CaseError where the candidate cannot run as it should.
void expect_runs_here(std::string_view name, const CandidateKind& kind, const Executor& executor,
                      const Schedule& schedule) {
  if (executor.schedule().empty() && !schedule.is_default())
    throw CaseError(fmt::format(
        "--schedule {} is of the host executor, but candidate '{}' runs {}: use "
        "--candidate simt or seeded:<bug id>",
        schedule.name(), name, executor.device() == Device::gpu ? "on a GPU" : "elsewhere"));
  if (!kind.why_not_here) return;
  if (const std::string lack = kind.why_not_here(); !lack.empty())
    throw CaseError(fmt::format(
        "candidate '{}' cannot run: {}; --candidate simt runs the same kernels on the host", name,
        lack));
}

}  // namespace

std::string_view name_of(Comm comm) {
  constexpr std::array<std::string_view, 3> kNames = {"threads", "mpi", "nccl"};
  return kNames.at(static_cast<std::size_t>(comm));
}

bool Candidate::offers(std::string_view op) const {
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

std::span<const CandidateKind> candidate_kinds() {
  static const std::vector<CandidateKind> kinds = {
      simt_kind(),
      cuda_kind(),
      cuda_graph_kind(),
      seeded_kind(simt_kind()),
      seeded_kind(cuda_kind()),
  };
  return kinds;
}

const CandidateKind* find_kind(std::string_view name) {
  for (const CandidateKind& kind : candidate_kinds())
    if (kind.find(name, {}) != nullptr) return &kind;
  return nullptr;
}

Candidate find_candidate(std::string_view name, const HowToRun& how) {
  for (const CandidateKind& kind : candidate_kinds()) {
    std::shared_ptr<const Executor> executor = kind.find(name, how);
    if (executor == nullptr) continue;
    expect_runs_here(name, kind, *executor, how.schedule);
    Candidate candidate{.name = std::string(name), .schedule = executor->schedule()};
    for (const Op& op : all_ops())
      if (executor->offers(op)) candidate.ops.push_back(op.form.name);
    candidate.executor = std::move(executor);
    return candidate;
  }
  std::vector<std::string> forms;
  for (const CandidateKind& kind : candidate_kinds()) forms.push_back(kind.form);
  const std::string near = nearest_name(name, candidate_names());
  throw CaseError(
      fmt::format("no candidate is named {};{} there are {}: 'packproof list candidates' names all",
                  in_quotes(name), near.empty() ? "" : fmt::format(" did you mean '{}'?", near),
                  listed(forms)));
}

std::string_view our_kernels_on(Device device) { return device == Device::gpu ? kCuda : kSimt; }

std::string seeded_name(std::string_view candidate, std::string_view bug_id) {
  std::vector<std::string> that_have;
  for (const CandidateKind& kind : candidate_kinds()) {
    if (kind.seeds_as.empty()) continue;
    if (kind.form == candidate) return kind.seeds_as + std::string(bug_id);
    that_have.push_back(kind.form);
  }
  throw CaseError(
      fmt::format("--candidate {} has no seeded bugs: {} have", candidate, listed(that_have)));
}

std::vector<std::string> candidate_names() {
  std::vector<std::string> names;
  for (const CandidateKind& kind : candidate_kinds())
    names.insert(names.end(), kind.names.begin(), kind.names.end());
  return names;
}

}  // namespace packproof::harness
