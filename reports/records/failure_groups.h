// The failures of a run by what went wrong, each kind with its smallest case first.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reports/records/record.h"
#include "reports/records/summary.h"

namespace packproof::reports {

// What failures have in common that are probably of one bug.
struct FailureKind {
  std::string op, direction;
  Outcome outcome = Outcome::mismatch;
  std::string tensor;  // the first that is wrong; empty where none is to blame
  std::string fault;   // what it looks like; empty if it fits none

  auto operator<=>(const FailureKind&) const = default;
};

FailureKind kind_of(const Record& record);

// "causal_conv1d:fwd y, looks like leak across a boundary"; "pack:fwd crashed".
std::string kind_text(const FailureKind& kind);

// How much there is to look at when a case is debugged.
struct CaseSize {
  std::int64_t tokens = 0;    // of all segments; the largest int64 where the descriptor has no len
  std::int64_t elements = 0;  // of all outputs; 0 where none was judged

  auto operator<=>(const CaseSize&) const = default;
};

CaseSize size_of(const Record& record);

struct FailureGroup {
  FailureKind kind;
  std::vector<const Record*> records;  // the smallest first, equal ones in the run's order
};

// All that failed or errored, known bugs not: the kind with most cases first, equal ones in the
// run's order. Points into `records`.
std::vector<FailureGroup> failure_groups(std::span<const Record> records,
                                         Inconclusive inconclusive = Inconclusive::skipped);

// failure_text of the smallest case, with a line on how many more fail alike.
std::string group_text(const FailureGroup& group);

}  // namespace packproof::reports
