// A state that moves bit by bit, so that NaN keeps its payload: what the references of the causal
// convolutions share.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "cases/core/reference_result.h"
#include "cases/core/tensor.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

// The bit patterns of a tensor as numbers, laid out as matrix_of has it: exact in a double up to 32
// bits.
inline Matrix bit_patterns_of(const Tensor& tensor) {
  Matrix bits(tensor.size(0), tensor.size(0) == 0 ? 0 : tensor.count() / tensor.size(0));
  const std::size_t bytes = size_of(tensor.dtype);
  for (std::int64_t i = 0; i < tensor.count(); ++i) {
    std::uint32_t pattern = 0;  // the low bytes come first on every host that this runs on
    std::memcpy(&pattern,
                tensor.as<const std::byte>() + static_cast<std::size_t>(tensor.place(i)) * bytes,
                bytes);
    bits.data()[i] = static_cast<double>(pattern);
  }
  return bits;
}

// An output that only moves data: its values, and the bit patterns that moved in the same way.
inline ReferenceTensor moved(std::string name, const Matrix& value, const Matrix& bits) {
  ReferenceTensor tensor{.name = std::move(name),
                         .value = {value.data(), value.data() + value.size()},
                         .magnitude = {},
                         .bits = {}};
  for (Eigen::Index i = 0; i < bits.size(); ++i)
    tensor.bits.push_back(static_cast<std::uint64_t>(bits.data()[i]));
  return tensor;
}

}  // namespace packproof::reference
