// The check of state slots that ops on indexed states make before any launch.
#pragma once

#include <cstdint>

#include "cases/core/tensor.h"

namespace packproof::kernels {

// Refuses (throws Refusal) indices that are not int32 [segments], name a slot outside of
// 0..slots - 1 (-1 is a segment without a slot), or name one slot twice; the message names the
// index and the value. `indices` is host memory.
void check_slots(const Tensor& indices, std::int64_t segments, std::int64_t slots);

}  // namespace packproof::kernels
