// Kernels of the conformance suite: one warp executes one ldmatrix.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

constexpr int kLdmatrixTileElements = 1024;  // of shared memory, 16 bits each

struct LdmatrixParams {
  int matrices;  // 1, 2 or 4
  bool transposed;
  const std::uint16_t* tile;   // [1024], copied to shared memory
  const std::int32_t* row_at;  // [32] the element at which the lane's row starts, a multiple of 8
  std::uint32_t* fragments;    // [32][matrices]
};

PACKPROOF_ON_EVERY_TARGET(void run_ldmatrix(const LdmatrixParams& params, Stream stream))

}  // namespace packproof
