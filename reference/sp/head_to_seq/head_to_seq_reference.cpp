// head_to_seq. Definition: the heads of all ranks of a group side by side in every token, those of
// its rank 0 first. x, rows [ranks, batch, sp, tokens, own_heads] of dim -> y, rows [ranks, batch,
// tokens, heads]: each rank has the tokens of its place in the group. Backward: dy as y -> dx as x.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"
#include "reference/sp/head_exchange_shape.h"

namespace packproof::reference {
namespace {

// Calls move(first row of x, first row of y) for each token and each rank that has heads of it.
template <class Move>
void for_each_run(const HeadExchangeShape& s, Move move) {
  for (std::int64_t rank = 0; rank < s.sp * s.ring; ++rank)
    for (std::int64_t row = 0; row < s.batch; ++row)
      for (std::int64_t token = 0; token < s.tokens; ++token)
        for (std::int64_t owner = 0; owner < s.sp; ++owner) {
          // This rank's run of tokens, at the owner of these heads in its group.
          const std::int64_t holder = rank / s.sp * s.sp + owner, run = rank % s.sp;
          move((((holder * s.batch + row) * s.sp + run) * s.tokens + token) * s.own_heads,
               (((rank * s.batch + row) * s.tokens + token) * s.sp + owner) * s.own_heads);
        }
}

}  // namespace

ReferenceResult head_to_seq_reference(const Call& call) {
  const bool has_y = call.has_output("y");
  const Tensor& given = call.input(has_y ? TensorName("x") : "dy");
  const BitRows from = bits_of(given);
  const HeadExchangeShape shape(*call.the_case);
  BitRows to(from.rows(), from.cols());
  for_each_run(shape, [&](std::int64_t in_x, std::int64_t in_y) {
    to.middleRows(has_y ? in_y : in_x, shape.own_heads) =
        from.middleRows(has_y ? in_x : in_y, shape.own_heads);
  });
  return {moved(has_y ? "y" : "dx", given.dtype, to)};
}

}  // namespace packproof::reference
