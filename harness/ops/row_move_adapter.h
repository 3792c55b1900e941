// What the adapters of ops that move rows share: elements as bit patterns, masks, scratch memory.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include <Eigen/Core>

#include "cases/core/reference_result.h"
#include "cases/core/tensor.h"
#include "harness/ops/op.h"
#include "harness/ops/reference_adapter.h"

namespace packproof::harness {

using BitRows = Eigen::Array<std::uint64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// The leading axes as rows, the last as columns.
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

inline ReferenceTensor moved(std::string name, DType dtype, const BitRows& bits) {
  ReferenceTensor result = {.name = std::move(name),
                            .value = {},
                            .magnitude = {},
                            .bits = {bits.data(), bits.data() + bits.size()}};
  for (std::uint64_t& element : result.bits)
    result.value.push_back(
        load({.name = result.name, .dtype = dtype, .dims = {}, .data = &element}, 0));
  return result;
}

// An integer tensor of two axes.
inline Eigen::Array<std::int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> table_of(
    const Tensor& tensor) {
  return integers_of(tensor).reshaped<Eigen::RowMajor>(tensor.size(0), tensor.size(1));
}

// The last axis in bytes.
inline std::int64_t row_bytes(const Tensor& rows) {
  return rows.dims.back().size * static_cast<std::int64_t>(size_of(rows.dtype));
}

template <class T>
T* scratch(const DeviceCall& call, std::int64_t count) {
  return static_cast<T*>(call.workspace(static_cast<std::size_t>(count) * sizeof(T)));
}

}  // namespace packproof::harness
