#include "reference/sp/sp_split/sp_split_reference.h"

namespace packproof::reference {

BitRows sp_split(const BitRows& x, SpOrder order, const Integers& padded, std::int64_t world) {
  BitRows y(x.rows(), x.cols());
  Eigen::Index place = 0;
  for (const std::int64_t row : rows_by_rank(order, padded, x.rows(), world))
    y.row(place++) = x.row(row);
  return y;
}

BitRows sp_split_backward(const BitRows& dy, SpOrder order, const Integers& padded,
                          std::int64_t world) {
  BitRows dx(dy.rows(), dy.cols());
  Eigen::Index place = 0;
  for (const std::int64_t row : rows_by_rank(order, padded, dy.rows(), world))
    dx.row(row) = dy.row(place++);
  return dx.replicate(world, 1);
}

}  // namespace packproof::reference
