// Kernels of the conformance suite: one warp executes one mma.sync for each problem.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

enum class MmaForm { kM16n8k16Bf16, kM16n8k16F16, kM16n8k8Tf32 };

struct MmaParams {
  MmaForm form;
  int problems;
  const std::uint32_t* a;  // [problems][32][4] registers
  const std::uint32_t* b;  // [problems][32][2]
  const float* c;          // [problems][32][4]
  float* d;                // [problems][32][4]
};

PACKPROOF_ON_EVERY_TARGET(void run_mma(const MmaParams& params, Stream stream))

}  // namespace packproof
