// The tensors of a call as the arrays that references compute with.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "cases/core/call.h"
#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

inline bool is_forward(const Call& call) { return call.the_case->direction == Direction::fwd; }

// The first axis as rows, all others as columns; exact.
inline Matrix matrix_of(const Tensor& tensor) {
  const std::int64_t rows = tensor.dims.empty() ? 1 : tensor.size(0);
  const std::int64_t columns = rows == 0 ? 0 : tensor.count() / rows;
  Matrix m(rows, columns);
  for (std::int64_t i = 0; i < tensor.count(); ++i) m.data()[i] = load(tensor, i);
  return m;
}

// An input, or nothing where the call has none of that name.
inline Matrix optional_matrix(const Call& call, TensorName name) {
  return call.has_input(name) ? matrix_of(call.input(name)) : Matrix();
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

// [segments + 1], valid: a broken one is never computed.
inline Integers cu_seqlens_of(const Call& call) { return integers_of(call.input("cu_seqlens")); }

// The tokens that segments own.
inline std::int64_t valid_tokens_of(const Call& call) {
  const Tensor& cu_seqlens = call.input("cu_seqlens");
  return static_cast<std::int64_t>(load(cu_seqlens, cu_seqlens.count() - 1));
}

// [segments]: the slot of each, all different, or -1. Without the input `indices` each has its own.
inline Integers slots_of_segments(const Call& call, TensorName indices) {
  if (call.has_input(indices)) return integers_of(call.input(indices));
  const std::int64_t segments = call.input("cu_seqlens").count() - 1;
  return Integers::LinSpaced(segments, 0, segments - 1);
}

// An integer tensor of two axes.
inline Mask mask_of(const Tensor& tensor) {
  return integers_of(tensor).reshaped<Eigen::RowMajor>(tensor.size(0), tensor.size(1));
}

// Bit patterns, the leading axes as rows and the last as columns.
inline BitRows bits_of(const Tensor& tensor) {
  const std::int64_t columns = tensor.dims.back().size;
  const std::size_t bytes = size_of(tensor.dtype);
  BitRows bits = BitRows::Zero(columns == 0 ? 0 : tensor.count() / columns, columns);
  for (std::int64_t i = 0; i < tensor.count(); ++i)
    std::memcpy(bits.data() + i,
                static_cast<const std::byte*>(tensor.data) + static_cast<std::size_t>(i) * bytes,
                bytes);  // little-endian: the low bytes come first
  return bits;
}

}  // namespace packproof::reference
