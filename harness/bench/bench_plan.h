// Which cases a benchmark times, and which smaller ones are judged for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cases/core/op_form.h"
#include "harness/candidates/executor.h"
#include "harness/ops/op.h"
#include "reports/bench/bench_run.h"

namespace packproof::harness {

struct BenchSelection {
  Tier tier = Tier::quick;
  // Globs over "op:direction model lengths", as in a gate's --filter; none: all.
  std::vector<std::string> filters;
  std::string expression;   // as in a gate's -k, over the same lines; empty: all
  std::string model;        // "35B", or the whole name; empty: as the tier says
  std::int64_t tp = 0;      // tensor-parallel ranks; 0: as the tier says, whatever the model
  std::int64_t tokens = 0;  // of a packed row; 0: as the device says
};

struct PlannedRow {
  const Op* op = nullptr;
  Case the_case;
  // Judged before the row is timed. The same fields with fewer tokens, where float64 references of
  // the whole case would take minutes.
  Case judged;
  reports::BenchRow row;  // everything but the times
};

// Rows in the order in which they are timed; a host takes fewer tokens and narrower layers. Throws
// CaseError when nothing is selected.
std::vector<PlannedRow> plan_bench(const BenchSelection& selection, Device device);

}  // namespace packproof::harness
