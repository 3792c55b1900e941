// Kernels of the conformance suite: one warp executes one stmatrix.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

constexpr int kStmatrixTileElements = 1024;  // of shared memory, 16 bits each

struct StmatrixParams {
  int matrices;  // 1, 2 or 4
  bool transposed;
  const std::uint32_t* fragments;  // [32][matrices]
  const std::int32_t* row_at;      // [32] the element at which the lane's row starts
  std::uint16_t* tile;             // [1024] in and out, by way of shared memory
};

PACKPROOF_ON_EVERY_TARGET(void run_stmatrix(const StmatrixParams& params, Stream stream))

}  // namespace packproof
