// Which cases a command works on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cases/core/op_form.h"
#include "harness/candidates/candidate.h"
#include "reports/records/record.h"

namespace packproof::harness {

struct Selection {
  std::vector<std::string> cases;      // as in case_arguments.h; overrides the tier
  std::string batch;                   // file of descriptors, a line each, or "-"; as above
  std::optional<std::int64_t> random;  // that many random cases of `seed`; overrides the tier
  Tier tier = Tier::quick;
  // Globs over the whole descriptor; one without * or ? is looked for anywhere in it. Several: any.
  std::vector<std::string> filters;
  std::string expression;             // as -k takes it (case_expression.h); empty: all
  std::string shard;                  // "i/n", i from 1: every n-th case, beginning with the i-th
  std::optional<std::uint64_t> seed;  // of random cases; else replaces every case's own
  int ranks = 0;                      // only cases of so many ranks; 0: of any number
};

// The selected cases that `candidate` offers an op for; over MPI, those that have ranks. Throws
// CaseError when a filter matches nothing, no case is left, or anything cannot be parsed.
std::vector<Case> select_cases(const Selection& selection, const Candidate& candidate);

struct SelectedRun {
  std::vector<Case> cases;
  reports::Scope scope;
};
// The same for a run that may be one shard of several: that one may be empty.
SelectedRun select_run(const Selection& selection, const Candidate& candidate);

// Of these cases those that select_cases would keep, whatever the shard. Throws the same.
std::vector<Case> narrowed(std::vector<Case> cases, const Selection& selection,
                           const Candidate& candidate);

// Whether a filter matches a descriptor.
bool matches(const std::string& filter, const std::string& descriptor);

std::string descriptor_of(const Case& the_case);

}  // namespace packproof::harness
