// Products and sums of judged matrices.
#pragma once

#include "reference/core/judged_matrix.h"

namespace packproof::reference {

// Right to so many digits.
inline JudgedMatrix exact(const Matrix& m) { return {m, m.cwiseAbs()}; }

// Values, and magnitudes to the first order in the errors of both factors. Both magnitudes are at
// least those of the values: half of the sum keeps that of right factors.
inline JudgedMatrix product(const JudgedMatrix& left, const JudgedMatrix& right) {
  return {left.value * right.value,
          (left.magnitude * right.value.cwiseAbs() + left.value.cwiseAbs() * right.magnitude) / 2};
}

inline JudgedMatrix transposed(const JudgedMatrix& m) {
  return {m.value.transpose(), m.magnitude.transpose()};
}

}  // namespace packproof::reference
