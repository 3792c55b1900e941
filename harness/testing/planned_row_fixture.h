// Rows whose kernels a test has replaced.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cases/language/descriptor.h"
#include "harness/bench/row_timer.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {

// The row of a descriptor; `op` must outlive it.
inline PlannedRow planned_row(const Op& op, const std::string& descriptor,
                              reports::BenchPart part = reports::BenchPart::shapes) {
  PlannedRow planned{.op = &op, .the_case = {}, .judged = {}, .row = {}};
  planned.the_case = planned.judged = parse_descriptor(descriptor, op_lookup());
  planned.row.part = part;
  planned.row.op = op.form.name;
  planned.row.direction = std::string(name_of(planned.the_case.direction));
  planned.row.descriptor = planned.row.judged = format_descriptor(planned.the_case, op.form);
  planned.row.valid_tokens = planned.row.padded_tokens = planned.the_case.valid_tokens();
  return planned;
}

inline Op with_kernels(std::string_view name, Returned (*ours)(const DeviceCall&)) {
  Op op = *find_op(name);
  op.ours = ours;
  return op;
}

inline const reports::Series& series_of(const reports::BenchRow& row, std::string_view name) {
  const auto found = std::ranges::find(row.series, name, &reports::Series::implementation);
  if (found == row.series.end()) throw std::out_of_range("no series of " + std::string(name));
  return *found;
}

// Few and short.
inline TimingOptions few_samples() { return {.samples = 3, .series_seconds = 0}; }

}  // namespace packproof::harness
