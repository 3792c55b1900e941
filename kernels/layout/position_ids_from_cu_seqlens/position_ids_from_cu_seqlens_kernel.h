// position_ids_from_cu_seqlens: launcher.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

struct PositionIdsFromCuSeqlensParams {
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  std::int32_t segments;
  std::int64_t total_tokens;   // rows of the layout, slack included
  std::int32_t components;     // 1 for plain ids, 3 or 4 for mrope; all rows are equal
  std::int64_t* position_ids;  // [components, total_tokens] int64, 16-byte aligned; -1 in slack
};

PACKPROOF_ON_EVERY_TARGET(
    void position_ids_from_cu_seqlens(const PositionIdsFromCuSeqlensParams& params, Stream stream))

}  // namespace packproof
