// What the adapters of many ops share: from a call's tensors to what launchers take.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "harness/ops/op.h"
#include "kernels/launch/cu_seqlens_check.h"

namespace packproof::harness {

struct Boundaries {
  const std::int32_t* cu_seqlens;  // [segments + 1], of the target
  std::int32_t segments;
};

inline Boundaries boundaries_of(const Tensor& cu_seqlens) {
  return {cu_seqlens.as<const std::int32_t>(), static_cast<std::int32_t>(cu_seqlens.size(0) - 1)};
}

// Those of the input cu_seqlens. Throws Refusal where they do not fit rows of `total_tokens`.
inline Boundaries checked_boundaries(const DeviceCall& call, std::int64_t total_tokens) {
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), total_tokens);
  return boundaries_of(call.device.input("cu_seqlens"));
}

// Null where the call has no tensor of that name. T: void where the call says which dtype it has.
template <class T = void>
const T* optional_input(const Call& call, TensorName name) {
  return call.has_input(name) ? call.input(name).as<const T>() : nullptr;
}
template <class T = void>
T* optional_output(const Call& call, TensorName name) {
  return call.has_output(name) ? call.output(name).as<T>() : nullptr;
}

// Sizes of heads, channels and the like, which forms keep small.
inline std::int32_t narrow(std::int64_t size) { return static_cast<std::int32_t>(size); }

// The last axis in bytes.
inline std::int64_t row_bytes(const Tensor& rows) {
  return rows.dims.back().size * static_cast<std::int64_t>(size_of(rows.dtype));
}

template <class T>
T* scratch(const DeviceCall& call, std::int64_t count) {
  return static_cast<T*>(call.workspace(static_cast<std::size_t>(count) * sizeof(T)));
}

}  // namespace packproof::harness
