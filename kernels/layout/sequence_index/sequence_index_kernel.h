// sequence_index: launchers.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

struct SequenceIndexParams {
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  std::int32_t segments;
  std::int64_t total_tokens;     // rows of the layout, slack included
  std::int32_t* sequence_index;  // [total_tokens] int32, 16-byte aligned; -1 in slack
};

PACKPROOF_ON_EVERY_TARGET(void sequence_index(const SequenceIndexParams& params, Stream stream))

}  // namespace packproof
