// shift_labels: launcher.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

struct ShiftLabelsParams {
  const std::int64_t* labels;        // [total_tokens] int64; slack is never read
  const std::int64_t* position_ids;  // [total_tokens] int64, -1 on a pad, or null: no pads
  const std::int32_t* cu_seqlens;    // [segments + 1] int32, valid
  std::int32_t segments;
  std::int64_t total_tokens;  // rows of the layout, slack included
  std::int64_t* shifted;      // [total_tokens] int64, 16-byte aligned
};

PACKPROOF_ON_EVERY_TARGET(void shift_labels(const ShiftLabelsParams& params, Stream stream))

}  // namespace packproof
