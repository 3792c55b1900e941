// For tests of references against values computed by hand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

inline Matrix column(std::initializer_list<double> values) {
  Matrix m(static_cast<Eigen::Index>(values.size()), 1);
  std::copy(values.begin(), values.end(), m.data());
  return m;
}

inline Matrix row(std::initializer_list<double> values) { return column(values).transpose(); }

inline Integers boundaries(std::initializer_list<std::int64_t> values) {
  Integers v(static_cast<Eigen::Index>(values.size()));
  std::copy(values.begin(), values.end(), v.data());
  return v;
}

// Whether all elements agree to float64.
inline bool near(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (a.size() == 0 || (a - b).cwiseAbs().maxCoeff() <= 1e-14 * (1 + b.cwiseAbs().maxCoeff()));
}

}  // namespace packproof::reference
