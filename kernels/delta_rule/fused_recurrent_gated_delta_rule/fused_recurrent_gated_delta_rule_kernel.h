// fused_recurrent_gated_delta_rule: new tokens of sequences whose state lies in a slot, as decoding
// does it; the state moves on in place. Token by token, S being [key_dim, value_dim]:
//   S <- exp(g) S;  S <- S + k (beta (v - S^T k))^T;  o = S^T q key_dim^-0.5
#pragma once

#include <cstdint>

#include "cases/core/dtype.h"
#include "kernels/delta_rule/key_norm.h"
#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// "T" below: bf16, fp16 or fp32, the same for all. Tensors are contiguous and aligned to 16 bytes.
struct FusedRecurrentParams {
  DType dtype;                // T
  std::int64_t total_tokens;  // rows of the layout, slack included
  std::int32_t segments;
  std::int32_t key_heads;          // at least 1
  std::int32_t value_heads;        // a multiple of key_heads
  std::int32_t key_dim;            // 64, 128 or 256
  std::int32_t value_dim;          // 64, 128 or 256
  KeyNorm norm;                    // l2: q and k are normalised here, with 1e-6 under the root
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  const std::int32_t* slots;       // [segments] int32, all different, or -1: none; null: its own
  const void* q;      // [total_tokens, key_heads, key_dim] T; of no input is slack read
  const void* k;      // [total_tokens, key_heads, key_dim] T
  const void* v;      // [total_tokens, value_heads, value_dim] T
  const float* g;     // [total_tokens, value_heads] fp32, log decay
  const float* beta;  // [total_tokens, value_heads] fp32
  float* state;       // [slots, value_heads, key_dim, value_dim]; changed in place
  void* o;            // [total_tokens, value_heads, value_dim] T; zero in slack and without a slot
};

PACKPROOF_ON_EVERY_TARGET(void fused_recurrent_gated_delta_rule(const FusedRecurrentParams& params,
                                                                Stream stream))

}  // namespace packproof
