// sp_split. Definition: sp_layout.h says which rows of the padded row each rank holds, in order: y
// [world, rows / world, dim], rank after rank. Backward: dx [world, rows, dim] is the whole row's
// gradient once a rank.
#include "reference/core/results.h"
#include "reference/op_references.h"
#include "reference/sp/sp_layout.h"

namespace packproof::reference {

ReferenceResult sp_split_reference(const Call& call) {
  const bool has_shares = call.has_output("y");
  const Tensor& rows = call.input(has_shares ? TensorName("x") : "dy");
  const BitRows from = bits_of(rows);
  const SpLayout layout(call);
  BitRows to(from.rows(), from.cols());
  Eigen::Index place = 0;
  for (const std::int64_t row : layout.rows_by_rank(from.rows())) {
    if (has_shares)
      to.row(place) = from.row(row);
    else
      to.row(row) = from.row(place);
    ++place;
  }
  if (has_shares) return {moved("y", rows.dtype, to)};
  return {moved("dx", rows.dtype, to.replicate(layout.world, 1))};
}

}  // namespace packproof::reference
