#include "reference/sp/head_to_seq/head_to_seq_reference.h"

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

BitRows head_to_seq(const BitRows& x, const HeadExchangeShape& shape) {
  BitRows y(x.rows(), x.cols());
  for_each_run(shape, [&](std::int64_t in_x, std::int64_t in_y) {
    y.middleRows(in_y, shape.own_heads) = x.middleRows(in_x, shape.own_heads);
  });
  return y;
}

BitRows head_to_seq_backward(const BitRows& dy, const HeadExchangeShape& shape) {
  BitRows dx(dy.rows(), dy.cols());
  for_each_run(shape, [&](std::int64_t in_x, std::int64_t in_y) {
    dx.middleRows(in_x, shape.own_heads) = dy.middleRows(in_y, shape.own_heads);
  });
  return dx;
}

}  // namespace packproof::reference
