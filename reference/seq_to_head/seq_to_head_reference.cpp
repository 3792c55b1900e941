#include "reference/seq_to_head/seq_to_head_reference.h"

namespace packproof::reference {

BitRows seq_to_head(const BitRows& x, std::int64_t heads, std::int64_t world) {
  const std::int64_t tokens = x.rows() / heads, own = heads / world;
  BitRows y(x.rows(), x.cols());
  for (std::int64_t token = 0; token < tokens; ++token)
    for (std::int64_t head = 0; head < heads; ++head) {
      const std::int64_t rank = head / own;
      y.row((rank * tokens + token) * own + head % own) = x.row(token * heads + head);
    }
  return y;
}

BitRows seq_to_head_backward(const BitRows& dy, std::int64_t heads_of_rank, std::int64_t world) {
  const std::int64_t heads = heads_of_rank * world, tokens = dy.rows() / heads;
  BitRows dx(dy.rows(), dy.cols());
  for (std::int64_t rank = 0; rank < world; ++rank)
    for (std::int64_t token = 0; token < tokens; ++token)
      for (std::int64_t own = 0; own < heads_of_rank; ++own)
        dx.row(token * heads + rank * heads_of_rank + own) =
            dy.row((rank * tokens + token) * heads_of_rank + own);
  return dx;
}

}  // namespace packproof::reference
