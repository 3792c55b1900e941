// Tensors as floats, for the plain low-precision implementations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cases/core/call.h"

namespace packproof::reference {

using Floats = std::vector<float>;

// Every element; exact, as all dtypes of activations fit.
inline Floats floats_of(const Tensor& tensor) {
  Floats values(static_cast<std::size_t>(tensor.count()));
  for (std::int64_t i = 0; i < tensor.count(); ++i)
    values[static_cast<std::size_t>(i)] = static_cast<float>(load(tensor, i));
  return values;
}

// Rounds each to the tensor's dtype.
inline void store_floats(const Tensor& tensor, const Floats& values) {
  for (std::int64_t i = 0; i < tensor.count(); ++i)
    store(tensor, i, static_cast<double>(values[static_cast<std::size_t>(i)]));
}

// `value` as the dtype holds it: a rounding point.
inline float rounded_to(DType dtype, float value) {
  std::uint64_t bits = 0;
  const Tensor one{.name = {}, .dtype = dtype, .dims = {}, .data = &bits};
  store(one, 0, static_cast<double>(value));
  return static_cast<float>(load(one, 0));
}

// Runs one of two directions.
inline Returned run_direction(const Call& call, void (*forward)(const Call&),
                              void (*backward)(const Call&)) {
  (call.the_case->direction == Direction::fwd ? forward : backward)(call);
  return all_outputs(call);
}

// cu_seqlens[-1]: the tokens that segments own.
inline std::int64_t valid_tokens(const Tensor& cu_seqlens) {
  return cu_seqlens.elements<const std::int32_t>().back();
}

}  // namespace packproof::reference
