#include "reference/layer/linear_plain.h"

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

// visit(weight's number, the numbers of its first output and of the one behind its last).
template <class Width, class Visit>
void for_each_weight(const Call& call, Width width_of_output, Visit visit) {
  for (int weight = 0, first = 0; call.has_input(TensorName("weight" + std::to_string(weight)));
       ++weight) {
    const std::int64_t rows = call.input(TensorName("weight" + std::to_string(weight))).size(0);
    int last = first;
    for (std::int64_t taken = 0; taken < rows; ++last) taken += width_of_output(last);
    visit(weight, first, last);
    first = last;
  }
}

void forward(const Call& call) {
  const std::int64_t valid = valid_tokens(call.input("cu_seqlens"));
  const auto output = [&](int i) -> const Tensor& {
    return call.output(TensorName("y" + std::to_string(i)));
  };
  const Rows x = rows_of(call.input("x"));
  for_each_weight(
      call, [&](int i) { return output(i).row_size(); },
      [&](int number, int first, int last) {
        const Rows weight = rows_of(call.input(TensorName("weight" + std::to_string(number))));
        Rows out = Rows::Zero(x.rows(), weight.rows());
        if (valid > 0) out.topRows(valid) = x.topRows(valid) * weight.transpose();
        for (std::int64_t column = 0; first < last; column += output(first++).row_size())
          store_rows(output(first), out.middleCols(column, output(first).row_size()));
      });
}

void backward(const Call& call) {
  const std::int64_t valid = valid_tokens(call.input("cu_seqlens"));
  const auto upstream = [&](int i) -> const Tensor& {
    return call.input(TensorName("dy" + std::to_string(i)));
  };
  const Tensor& dx = call.output("dx");
  store_floats(dx, Floats(static_cast<std::size_t>(dx.count())));
  for_each_weight(
      call, [&](int i) { return upstream(i).row_size(); },
      [&](int number, int first, int last) {
        const Tensor& weight = call.input(TensorName("weight" + std::to_string(number)));
        const Tensor& dweight = call.output(TensorName("dweight" + std::to_string(number)));
        // Rows of nothing need not have columns.
        if (valid == 0)
          return store_floats(dweight, Floats(static_cast<std::size_t>(dweight.count())));
        Rows dy(dx.size(0), weight.size(0));
        for (std::int64_t column = 0; first < last; column += upstream(first++).row_size())
          dy.middleCols(column, upstream(first).row_size()) = rows_of(upstream(first));
        Rows sum = rows_of(dx);
        const Rows term = dy.topRows(valid) * rows_of(weight);
        for (std::int64_t i = 0; i < term.size(); ++i)
          sum.data()[i] += rounded_to(dx.dtype, term.data()[i]);
        store_rows(dx, sum);
        store_rows(dweight,
                   dy.topRows(valid).transpose() * rows_of(call.input("x")).topRows(valid));
      });
}

}  // namespace

void linear_plain(const Call& call) {
  if (call.the_case->direction == Direction::fwd)
    forward(call);
  else
    backward(call);
}

}  // namespace packproof::reference
