// Kernels of the conformance suite: conversions between floats and pairs of 16-bit floats.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

struct PackedPairParams {
  int count;
  const float* low;           // [count]
  const float* high;          // [count]
  std::uint32_t* bf16x2;      // [count]
  std::uint32_t* f16x2;       // [count]
  float* bf16_unpacked;       // [count][2], of `bits`
  float* f16_unpacked;        // [count][2], of `bits`
  const std::uint32_t* bits;  // [count]
};

PACKPROOF_ON_EVERY_TARGET(void run_packed_pair(const PackedPairParams& params, Stream stream))

}  // namespace packproof
