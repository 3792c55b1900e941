#include "harness/selection/case_selection.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/core/case_text.h"
#include "cases/core/fnv1a.h"
#include "cases/language/descriptor.h"
#include "harness/candidates/mpi_run.h"
#include "harness/ops/op_list.h"
#include "harness/selection/case_arguments.h"
#include "harness/selection/case_catalogue.h"
#include "harness/selection/case_expression.h"
#include "harness/selection/random_selection.h"

namespace packproof::harness {
namespace {

struct Shard {
  std::size_t index = 0;  // from 0
  std::size_t count = 1;
};

Shard parse_shard(const std::string& text) {
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto [slash, bad_index] = std::from_chars(text.data(), end, shard.index);
  if (bad_index == std::errc() && slash != end && *slash == '/') {
    const auto [rest, bad_count] = std::from_chars(slash + 1, end, shard.count);
    if (bad_count == std::errc() && rest == end && shard.index >= 1 && shard.index <= shard.count &&
        shard.count <= std::size_t{reports::kMostShards}) {
      --shard.index;
      return shard;
    }
  }
  throw CaseError(fmt::format("--shard {} is not i/n with 1 <= i <= n, such as 1/4", text));
}

std::vector<Case> chosen_cases(const Selection& selection, const Candidate& candidate) {
  if (selection.random) return random_selection(selection, candidate);
  std::vector<Case> cases;
  const auto add = [&](std::vector<CaseFile> files) {
    for (CaseFile& file : files) cases.push_back(std::move(file.the_case));
  };
  for (const std::string& text : selection.cases) add(cases_named(text));
  if (!selection.batch.empty()) add(cases_in_batch(selection.batch));
  if (selection.cases.empty() && selection.batch.empty()) cases = catalogue(selection.tier);
  return cases;
}

void keep_filtered(std::vector<Case>& cases, const std::vector<std::string>& filters) {
  if (filters.empty()) return;
  std::vector<bool> used(filters.size());
  std::erase_if(cases, [&](const Case& c) {
    const std::string descriptor = descriptor_of(c);
    bool keep = false;
    for (std::size_t f = 0; f < filters.size(); ++f) {
      if (!matches(filters[f], descriptor)) continue;
      used[f] = true;
      keep = true;
    }
    return !keep;
  });
  for (std::size_t f = 0; f < filters.size(); ++f)
    if (!used[f])
      throw CaseError(
          fmt::format("--filter '{}' matches no case: 'packproof list' shows them", filters[f]));
}

void keep_matching(std::vector<Case>& cases, const std::string& text) {
  if (text.empty()) return;
  const CaseExpression expression(text);
  std::erase_if(cases, [&](const Case& c) { return !expression.matches(descriptor_of(c)); });
  if (cases.empty())
    throw CaseError(
        fmt::format("-k {} matches no case: 'packproof list' shows them", in_quotes(text)));
}

void keep_with_ranks(std::vector<Case>& cases, Comm comm, int ranks) {
  if (comm == Comm::threads && ranks == 0) return;
  std::erase_if(cases, [&](const Case& c) {
    return ranks_of(c) == 0 || (ranks != 0 && ranks_of(c) != ranks);
  });
  if (cases.empty())
    throw CaseError(ranks == 0 ? std::string("no selected case has ranks (a field sp)")
                               : fmt::format("no selected case has {0} ranks (sp={0})", ranks));
}

// Runs of the same cases by the same candidate have the same.
std::string digest_of(const std::vector<Case>& cases, const Candidate& candidate) {
  std::uint64_t hash = fnv1a(fmt::format("{} {} {} {}\n", candidate.name, candidate.schedule,
                                         name_of(candidate.comm), candidate.runs));
  for (const Case& c : cases) hash = fnv1a("\n", fnv1a(descriptor_of(c), hash));
  return fmt::format("{:016x}", hash);
}

}  // namespace

bool matches(const std::string& filter, const std::string& descriptor) {
  if (filter.find_first_of("*?") == std::string::npos)
    return descriptor.find(filter) != std::string::npos;
  return ::fnmatch(filter.c_str(), descriptor.c_str(), 0) == 0;
}

std::string descriptor_of(const Case& the_case) {
  return format_descriptor(the_case, find_op(the_case.op)->form);
}

std::vector<Case> narrowed(std::vector<Case> cases, const Selection& selection,
                           const Candidate& candidate) {
  if (selection.seed && !selection.random)
    for (Case& c : cases) c.seed = *selection.seed;
  keep_filtered(cases, selection.filters);
  keep_matching(cases, selection.expression);
  keep_with_ranks(cases, candidate.comm, selection.ranks);
  const std::size_t before = cases.size();
  std::erase_if(cases, [&](const Case& c) { return !candidate.offers(c.op); });
  if (cases.empty() && before > 0)
    throw CaseError(fmt::format("none of the {} selected cases is of an op that {} offers: {}",
                                before, candidate.name, fmt::join(candidate.ops, ", ")));
  if (cases.empty()) throw CaseError("no case is selected: 'packproof list' shows those that are");
  return cases;
}

SelectedRun select_run(const Selection& selection, const Candidate& candidate) {
  const Shard shard = selection.shard.empty() ? Shard{} : parse_shard(selection.shard);
  SelectedRun run{.cases = narrowed(chosen_cases(selection, candidate), selection, candidate)};
  run.scope = {.selection = digest_of(run.cases, candidate),
               .cases = std::ssize(run.cases),
               .shards = {static_cast<std::int64_t>(shard.index) + 1},
               .shard_count = static_cast<std::int64_t>(shard.count)};
  if (shard.count > 1) {
    std::vector<Case> mine;
    for (std::size_t i = shard.index; i < run.cases.size(); i += shard.count)
      mine.push_back(std::move(run.cases[i]));
    run.cases = std::move(mine);
  }
  run.scope.planned = std::ssize(run.cases);
  return run;
}

std::vector<Case> select_cases(const Selection& selection, const Candidate& candidate) {
  SelectedRun run = select_run(selection, candidate);
  if (run.cases.empty())
    throw CaseError(fmt::format("shard {} of the {} selected cases is empty", selection.shard,
                                run.scope.cases));
  return std::move(run.cases);
}

}  // namespace packproof::harness
