// Kernels of the conformance suite: one warpgroup executes one wgmma.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

constexpr int kMaxWgmmaImageBytes = 192 * 1024;  // of shared memory, aligned to 1024

enum class WgmmaForm { kBf16, kFp16, kTf32 };
enum class WgmmaA { kShared, kFragment };

// Where an operand lies in shared memory, as its descriptor says it; in bytes.
struct WgmmaOperand {
  std::uint32_t start, leading, stride, swizzle;
  bool is_mn_major;
};

struct WgmmaParams {
  WgmmaForm form;
  WgmmaA where_a_is;
  int columns;     // 8 to 256 in steps of 8
  WgmmaOperand a;  // not used for a fragment
  WgmmaOperand b;
  bool accumulates;
  int image_bytes;                   // a multiple of 4
  const unsigned char* image;        // [image_bytes], copied to shared memory
  const std::uint32_t* a_fragments;  // [128][4], or null
  const float* c;                    // [128][columns / 2]
  float* d;                          // [128][columns / 2]
};

// Every N for K-major operands of each form, in shared memory or (A) a fragment; MN-major ones, of
// bf16 and fp16, for N = 8, 24, 64, 136 and 256.
PACKPROOF_ON_EVERY_TARGET(void run_wgmma(const WgmmaParams& params, Stream stream))

}  // namespace packproof
