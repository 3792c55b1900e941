// How a padded row lies on the ranks of a sequence-parallel group, for launchers and kernels.
#pragma once

#include <cstdint>

namespace packproof {

enum class SpLayoutKind : std::uint8_t {
  contiguous,  // rank r holds the r-th of `world` equal runs of rows
  zigzag,      // of each segment's 2 world chunks rank r holds r and 2 world - 1 - r
};

struct SpLayout {
  SpLayoutKind kind;
  std::int32_t world;
  // [segments + 1] int32 of the padded row, valid. zigzag: multiples of 2 world, the last one
  // world * share_rows. contiguous: the last one may be below that.
  const std::int32_t* cu_seqlens;
  std::int32_t segments;
  std::int64_t share_rows;  // of one rank; world * share_rows is at most 2^31 - 1
};

}  // namespace packproof
