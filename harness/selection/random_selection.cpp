#include "harness/selection/random_selection.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/random/random_cases.h"
#include "harness/candidates/mpi_run.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

constexpr std::uint64_t kDefaultSeed = 1;

bool is_wanted(const Case& c, const Selection& selection) {
  if (selection.ranks != 0 && ranks_of(c) != selection.ranks) return false;
  if (selection.filters.empty()) return true;
  const std::string descriptor = descriptor_of(c);
  return std::any_of(selection.filters.begin(), selection.filters.end(),
                     [&](const std::string& filter) { return matches(filter, descriptor); });
}

// Whether a filter may match a descriptor of this op: nothing need be drawn of one that none can.
bool may_match(const std::string& filter, const std::string& op) {
  const std::size_t glob = filter.find_first_of("*?[");
  if (glob == std::string::npos) return true;  // text anywhere in it
  const std::string start = op + ":";
  const std::size_t known = std::min(glob, start.size());
  return filter.compare(0, known, start, 0, known) == 0;
}

bool is_wanted_op(const std::string& op, const Selection& selection) {
  return selection.filters.empty() ||
         std::any_of(selection.filters.begin(), selection.filters.end(),
                     [&](const std::string& filter) { return may_match(filter, op); });
}

}  // namespace

std::vector<Case> random_selection(const Selection& selection, const Candidate& candidate) {
  if (!selection.cases.empty())
    throw CaseError("cases are named and --random is given: choose one of both");
  const std::uint64_t seed = selection.seed.value_or(kDefaultSeed);
  std::vector<const OpForm*> forms;
  for (const Op& op : all_ops())
    if (candidate.offers(op.form.name) && is_wanted_op(op.form.name, selection))
      forms.push_back(&op.form);
  RandomCases random = random_cases(*selection.random, seed, forms,
                                    [&](const Case& c) { return is_wanted(c, selection); });
  if (random.cases.empty())
    throw CaseError(fmt::format(
        "--random {} selects no case of any op: give a filter that more descriptors match",
        *selection.random));
  fmt::print(stderr, "packproof: {} random cases of seed {}; {} draws were no case, and redrawn\n",
             random.cases.size(), seed, random.redrawn);
  return std::move(random.cases);
}

}  // namespace packproof::harness
