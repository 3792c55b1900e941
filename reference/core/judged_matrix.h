// What the references of ops on floating numbers compute with.
#pragma once

#include <cmath>
#include <cstdint>

#include <Eigen/Core>

namespace packproof::reference {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// A value and the magnitude of the sum behind it, as ReferenceTensor has them.
struct Judged {
  double value;
  double magnitude;
};

struct JudgedMatrix {
  Matrix value;
  Matrix magnitude;
};

inline JudgedMatrix zeros(std::int64_t rows, std::int64_t columns) {
  return {Matrix::Zero(rows, columns), Matrix::Zero(rows, columns)};
}

// Adds one more term to an element's sum.
inline void add(JudgedMatrix& to, std::int64_t row, std::int64_t column, const Judged& term,
                double factor) {
  to.value(row, column) += term.value * factor;
  to.magnitude(row, column) += term.magnitude * std::abs(factor);
}

}  // namespace packproof::reference
