// gated_delta_net_block: what the layer needs beside the kernels of the ops that it is made of:
// linear projections without bias, their gradients, and the rounding of sums; launchers.
#pragma once

#include <cstdint>

#include "cases/core/dtype.h"
#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// "T" below: bf16, fp16 or fp32. Tensors are contiguous and aligned to T; where a matrix and its
// rows are aligned to 16 bytes, it is read in vectors. Sums are fp32, in one order.

// The rows that one rank holds of a packed layout.
struct TokenRows {
  DType dtype;              // T
  std::int64_t count;       // rows of this rank, slack included
  std::int64_t first;       // the first one's place in the layout
  const std::int32_t* end;  // [1] int32: the layout's valid tokens, cu_seqlens[segments]
};

struct LinearParams {
  TokenRows rows;
  std::int64_t in, out;
  const void* x;       // [rows, in] T; slack rows are never read
  const void* weight;  // [out, in] T
  void* y;             // [rows, out] T; zero in slack
};

// One of the projections that share an input.
struct LinearGradientTerm {
  const void* dy;      // [rows, out] T; slack rows are never read
  const void* weight;  // [out, in] T
  std::int64_t out;
};

constexpr int kMostProjections = 6;

struct LinearBackwardInputParams {
  TokenRows rows;
  std::int64_t in;
  std::int32_t terms;  // 1..kMostProjections
  LinearGradientTerm term[kMostProjections];
  void* dx;  // [rows, in] T, the terms added in fp32; zero in slack
};

struct LinearBackwardWeightParams {
  TokenRows rows;
  std::int64_t in, out;
  const void* dy;  // [rows, out] T; slack rows are never read
  const void* x;   // [rows, in] T; the same
  float* dweight;  // [out, in] fp32: of this rank's rows
};

struct RoundSumsParams {
  DType dtype;  // T
  std::int64_t count;
  const float* sums;  // [count] fp32
  void* rounded;      // [count] T
};

PACKPROOF_ON_EVERY_TARGET(void linear(const LinearParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void linear_backward_input(const LinearBackwardInputParams& params,
                                                     Stream stream))
PACKPROOF_ON_EVERY_TARGET(void linear_backward_weight(const LinearBackwardWeightParams& params,
                                                      Stream stream))
PACKPROOF_ON_EVERY_TARGET(void round_sums(const RoundSumsParams& params, Stream stream))

}  // namespace packproof
