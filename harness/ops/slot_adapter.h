// What the adapters of ops with a state in place share: which slot each segment has.
#pragma once

#include <string_view>

#include "cases/core/call.h"
#include "harness/ops/reference_adapter.h"

namespace packproof::harness {

// [segments]: the input `indices` where there is one, else each segment its own.
inline Integers slots_of_segments(const Call& call, std::string_view indices) {
  if (call.has_input(indices)) return integers_of(call.input(indices));
  const std::int64_t segments = call.input("cu_seqlens").count() - 1;
  return Integers::LinSpaced(segments, 0, segments - 1);
}

}  // namespace packproof::harness
