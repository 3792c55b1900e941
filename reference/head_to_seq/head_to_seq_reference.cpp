#include "reference/head_to_seq/head_to_seq_reference.h"

namespace packproof::reference {

BitRows head_to_seq(const BitRows& x, std::int64_t heads_of_rank, std::int64_t world) {
  const std::int64_t heads = heads_of_rank * world, tokens = x.rows() / heads;
  BitRows y(x.rows(), x.cols());
  for (std::int64_t token = 0; token < tokens; ++token)
    for (std::int64_t rank = 0; rank < world; ++rank)
      y.middleRows(token * heads + rank * heads_of_rank, heads_of_rank) =
          x.middleRows((rank * tokens + token) * heads_of_rank, heads_of_rank);
  return y;
}

BitRows head_to_seq_backward(const BitRows& dy, std::int64_t heads, std::int64_t world) {
  const std::int64_t tokens = dy.rows() / heads, own = heads / world;
  BitRows dx(dy.rows(), dy.cols());
  for (std::int64_t rank = 0; rank < world; ++rank)
    for (std::int64_t token = 0; token < tokens; ++token)
      dx.middleRows((rank * tokens + token) * own, own) =
          dy.middleRows(token * heads + rank * own, own);
  return dx;
}

}  // namespace packproof::reference
