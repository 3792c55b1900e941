// What the adapters of the causal convolutions share: what is optional, activations, and states
// that move bit by bit.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/conv/conv_activation.h"

namespace packproof::harness {

// Throws Refusal where the call's op does not know it (contract C3).
inline ConvActivation activation_of(const Call& call) {
  const std::string& name = call.the_case->word("activation");
  if (name == "none") return ConvActivation::none;
  if (name == "silu" || name == "swish") return ConvActivation::silu;
  throw Refusal(fmt::format("activation '{}' is not known to {}: use none, silu or swish", name,
                            call.the_case->op));
}

inline const void* optional_input(const Call& call, std::string_view name) {
  return call.has_input(name) ? call.input(name).data : nullptr;
}

inline void* optional_output(const Call& call, std::string_view name) {
  return call.has_output(name) ? call.output(name).data : nullptr;
}

inline Matrix optional_matrix(const Call& call, std::string_view name) {
  return call.has_input(name) ? matrix_of(call.input(name)) : Matrix();
}

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

}  // namespace packproof::harness
