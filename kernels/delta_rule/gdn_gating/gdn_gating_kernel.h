// gdn_gating: the decay and the write strength of gated delta rules, their gradients, launchers.
//   g = -exp(A_log) * softplus(a + dt_bias)        beta = sigmoid(b)
// each for one token and head; A_log and dt_bias are those of the head.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cases/core/dtype.h"
#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// "T" below: bf16, fp16 or fp32, the same for all. Tensors are contiguous and aligned to their
// elements; where all that a kernel moves is aligned to its vectors of 4 heads, and heads divide by
// 4, it uses vectors.
struct GdnGatingInputs {
  DType dtype;                // T
  std::int64_t total_tokens;  // rows of the layout, slack included
  std::int32_t heads;         // value heads, 1..16384
  std::int32_t segments;
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  const void* a;                   // [total_tokens, heads] T; slack rows are never read
  const void* b;                   // [total_tokens, heads] T; the same
  const float* A_log;              // [heads] fp32
  const float* dt_bias;            // [heads] fp32
};

struct GdnGatingParams {
  GdnGatingInputs in;
  float* g;     // [total_tokens, heads] fp32; zero in slack
  float* beta;  // [total_tokens, heads] fp32; zero in slack
};

struct GdnGatingBackwardParams {
  GdnGatingInputs in;
  const float* dg;     // [total_tokens, heads] fp32; slack rows are never read
  const float* dbeta;  // [total_tokens, heads] fp32; the same
  void* da;            // [total_tokens, heads] T; zero in slack
  void* db;            // [total_tokens, heads] T; zero in slack
  float* dA_log;       // [heads] fp32
  float* ddt_bias;     // [heads] fp32
  float* workspace;    // gdn_gating_backward_workspace_bytes; need not be initialised
};

PACKPROOF_ON_EVERY_TARGET(void gdn_gating(const GdnGatingParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void gdn_gating_backward(const GdnGatingBackwardParams& params,
                                                   Stream stream))
// For the partial sums of dA_log and ddt_bias.
PACKPROOF_ON_EVERY_TARGET(
    std::size_t gdn_gating_backward_workspace_bytes(const GdnGatingInputs& inputs))

}  // namespace packproof
