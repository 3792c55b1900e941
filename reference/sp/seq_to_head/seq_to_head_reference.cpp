#include "reference/sp/seq_to_head/seq_to_head_reference.h"

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

BitRows seq_to_head(const BitRows& x, const HeadExchangeShape& shape) {
  BitRows y(x.rows(), x.cols());
  for_each_head(shape, [&](std::int64_t in_x, std::int64_t in_y) { y.row(in_y) = x.row(in_x); });
  return y;
}

BitRows seq_to_head_backward(const BitRows& dy, const HeadExchangeShape& shape) {
  BitRows dx(dy.rows(), dy.cols());
  for_each_head(shape, [&](std::int64_t in_x, std::int64_t in_y) { dx.row(in_x) = dy.row(in_y); });
  return dx;
}

}  // namespace packproof::reference
