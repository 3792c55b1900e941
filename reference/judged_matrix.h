// What the references of ops on floating numbers compute with.
#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace packproof::reference {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Values and the magnitudes of the sums behind them, as ReferenceTensor has them.
struct JudgedMatrix {
  Matrix value;
  Matrix magnitude;
};

inline JudgedMatrix zeros(std::int64_t rows, std::int64_t columns) {
  return {Matrix::Zero(rows, columns), Matrix::Zero(rows, columns)};
}

}  // namespace packproof::reference
