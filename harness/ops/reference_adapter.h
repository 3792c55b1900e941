// Between plain tensors and the Eigen types of the references.
#pragma once

#include <cstdint>
#include <string>

#include <Eigen/Core>

#include "cases/core/reference_result.h"
#include "cases/core/tensor.h"

namespace packproof::harness {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Integers = Eigen::Array<std::int64_t, Eigen::Dynamic, 1>;

// The first axis as rows, all others as columns; exact.
inline Matrix matrix_of(const Tensor& tensor) {
  const std::int64_t rows = tensor.dims.empty() ? 1 : tensor.size(0);
  const std::int64_t columns = rows == 0 ? 0 : tensor.count() / rows;
  Matrix m(rows, columns);
  for (std::int64_t i = 0; i < tensor.count(); ++i) m.data()[i] = load(tensor, i);
  return m;
}

// Every element of an integer tensor, flattened.
inline Integers integers_of(const Tensor& tensor) {
  Integers v(tensor.count());
  for (std::int64_t i = 0; i < tensor.count(); ++i) {
    v(i) = tensor.dtype == DType::int64 ? tensor.as<const std::int64_t>()[i]
                                        : static_cast<std::int64_t>(load(tensor, i));
  }
  return v;
}

inline ReferenceTensor exact(std::string name, const Integers& values) {
  return {.name = std::move(name),
          .value = {values.data(), values.data() + values.size()},
          .magnitude = {},
          .bits = {}};
}

inline ReferenceTensor judged(std::string name, const Matrix& value, const Matrix& magnitude) {
  return {.name = std::move(name),
          .value = {value.data(), value.data() + value.size()},
          .magnitude = {magnitude.data(), magnitude.data() + magnitude.size()},
          .bits = {}};
}

}  // namespace packproof::harness
