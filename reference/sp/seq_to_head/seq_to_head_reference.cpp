// seq_to_head. Definition: in its group of sp ranks, rank s has of every token the s-th of sp equal
// runs of heads. x, rows [ranks, batch, tokens, heads] of dim -> y, rows [ranks, batch, sp, tokens,
// own_heads]: the tokens of the group's ranks one after the other. Backward: dy as y -> dx as x.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"
#include "reference/sp/head_exchange_shape.h"

namespace packproof::reference {
namespace {

// Calls move(row of x, row of y) for each head of each token.
template <class Move>
void for_each_head(const HeadExchangeShape& s, Move move) {
  for (std::int64_t group = 0; group < s.ring; ++group)
    for (std::int64_t from = 0; from < s.sp; ++from)
      for (std::int64_t to = 0; to < s.sp; ++to)
        for (std::int64_t row = 0; row < s.batch; ++row)
          for (std::int64_t token = 0; token < s.tokens; ++token)
            for (std::int64_t head = 0; head < s.own_heads; ++head) {
              const std::int64_t sender = group * s.sp + from, receiver = group * s.sp + to;
              const std::int64_t in_x = (sender * s.batch + row) * s.tokens + token;
              const std::int64_t in_y =
                  ((receiver * s.batch + row) * s.sp + from) * s.tokens + token;
              move(in_x * s.heads() + to * s.own_heads + head, in_y * s.own_heads + head);
            }
}

}  // namespace

ReferenceResult seq_to_head_reference(const Call& call) {
  const bool has_y = call.has_output("y");
  const Tensor& given = call.input(has_y ? TensorName("x") : "dy");
  const BitRows from = bits_of(given);
  BitRows to(from.rows(), from.cols());
  for_each_head(HeadExchangeShape(*call.the_case), [&](std::int64_t in_x, std::int64_t in_y) {
    to.row(has_y ? in_y : in_x) = from.row(has_y ? in_x : in_y);
  });
  return {moved(has_y ? "y" : "dx", given.dtype, to)};
}

}  // namespace packproof::reference
