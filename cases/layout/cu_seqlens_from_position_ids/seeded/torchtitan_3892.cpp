// torchtitan-3892: cu_seqlens is derived from the first row of the batch only.
#include "cases/seeded_bugs.h"

#include <algorithm>

#include "cases/layout/cu_seqlens_from_position_ids/seeded/changed_call.h"

namespace packproof::cases {
namespace {

// The batch is flattened for the kernels, but the boundaries come from positions[0]: no row but the
// first has any.
Returned run(const Call& call, const Implementation& healthy) {
  PositionIds ids(call);
  if (ids.rows == 1 || call.has_input("cu_seq_lens_q")) return healthy(call);
  PositionIds first_row = ids;
  first_row.rows = 1;
  first_row.values.clear();
  for (std::int64_t k = 0; k < ids.components; ++k)
    for (std::int64_t t = 0; t < ids.row_tokens; ++t) first_row.values.push_back(ids.at(k, t));

  ChangedCall changed(call);
  changed.set_position_ids(first_row);
  changed.shorten_output("cu_seqlens", ids.row_tokens + 1);
  Returned returned = healthy(changed.call());
  const auto boundaries = call.output("cu_seqlens").elements<std::int32_t>();
  const auto derived = static_cast<std::ptrdiff_t>(ids.row_tokens + 1);
  std::fill(boundaries.begin() + derived, boundaries.end(),
            boundaries[static_cast<std::size_t>(ids.row_tokens)]);
  return returned;
}

}  // namespace

SeededBug seeded_torchtitan_3892() {
  return {.id = "torchtitan-3892",
          .thread = "https://github.com/pytorch/torchtitan/pull/3892",
          .fault = "cu_seqlens derived from row 0 only",
          .caught_by = "cu_seqlens_from_position_ids rows=2 len=2,2 seed=1",
          .tensor = "cu_seqlens",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
