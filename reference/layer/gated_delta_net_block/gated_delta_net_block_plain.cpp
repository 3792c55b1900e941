#include "reference/layer/gated_delta_net_block/gated_delta_net_block_plain.h"

#include <Eigen/Core>

#include "reference/core/plain_floats.h"

namespace packproof::reference {
namespace {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// The first axis as rows, all others as columns.
Rows rows_of(const Tensor& tensor) {
  const Floats values = floats_of(tensor);
  const std::int64_t rows = tensor.size(0);
  return Eigen::Map<const Rows>(values.data(), rows, rows == 0 ? 0 : tensor.count() / rows);
}

void store_rows(const Tensor& tensor, const Rows& rows) {
  store_floats(tensor, {rows.data(), rows.data() + rows.size()});
}

}  // namespace

void linear_plain(const Tensor& x, const Tensor& weight, const Tensor& y, std::int64_t valid) {
  Rows out = Rows::Zero(y.size(0), weight.size(0));
  if (valid > 0) out.topRows(valid) = rows_of(x).topRows(valid) * rows_of(weight).transpose();
  store_rows(y, out);
}

void linear_input_plain(const Tensor& dy, const Tensor& weight, const Tensor& dx,
                        std::int64_t valid) {
  if (valid == 0) return;  // rows of nothing need not have columns
  Rows sum = rows_of(dx);
  Rows term = rows_of(dy).topRows(valid) * rows_of(weight);
  for (std::int64_t i = 0; i < term.size(); ++i)
    sum.data()[i] += rounded_to(dx.dtype, term.data()[i]);
  store_rows(dx, sum);
}

void linear_weight_plain(const Tensor& dy, const Tensor& x, const Tensor& dweight,
                         std::int64_t valid) {
  if (valid == 0) return store_floats(dweight, Floats(static_cast<std::size_t>(dweight.count())));
  store_rows(dweight, rows_of(dy).topRows(valid).transpose() * rows_of(x).topRows(valid));
}

}  // namespace packproof::reference
