// chunk_gated_delta_rule: launchers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cases/core/dtype.h"
#include "kernels/delta_rule/key_norm.h"
#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

struct GatedDeltaRuleInputs {
  DType dtype = DType::bf16;  // of q, k, v, o and their gradients: bf16, fp16 or fp32
  std::int64_t total_tokens = 0;
  std::int32_t segments = 0;
  std::int32_t key_heads = 1;
  std::int32_t value_heads = 1;  // a multiple of key_heads
  std::int32_t key_dim = 64;     // 64, 128 or 256, as value_dim
  std::int32_t value_dim = 64;
  KeyNorm norm = KeyNorm::none;  // l2: q and k are normalised here, with 1e-6 under the root

  // All tensors are contiguous and aligned to 16 bytes.
  const std::int32_t* cu_seqlens = nullptr;  // [segments + 1] int32, valid
  const void* q = nullptr;                   // [total_tokens, key_heads, key_dim]
  const void* k = nullptr;                   // [total_tokens, key_heads, key_dim]
  const void* v = nullptr;                   // [total_tokens, value_heads, value_dim]
  const float* g = nullptr;                  // [total_tokens, value_heads] fp32, log decay
  const float* beta = nullptr;               // [total_tokens, value_heads] fp32
  const float* initial_state = nullptr;      // [segments, value_heads, key_dim, value_dim] or null
};

struct GatedDeltaRuleParams {
  GatedDeltaRuleInputs in;
  void* o = nullptr;             // [total_tokens, value_heads, value_dim]; slack is zeroed
  float* final_state = nullptr;  // [segments, value_heads, key_dim, value_dim] fp32, or null
  std::byte* workspace = nullptr;
};

struct GatedDeltaRuleBackwardParams {
  GatedDeltaRuleInputs in;
  const void* dout = nullptr;           // as o; slack is never read
  const float* dfinal_state = nullptr;  // as final_state, or null
  void* dq = nullptr;                   // as q; slack is zeroed, as in all gradients
  void* dk = nullptr;                   // as k
  void* dv = nullptr;                   // as v
  float* dg = nullptr;                  // as g
  float* dbeta = nullptr;               // as beta
  float* dinitial_state = nullptr;      // as initial_state, or null
  std::byte* workspace = nullptr;
};

// Scratch memory of the target that a call needs, aligned to 256 bytes. Need not be cleared.
PACKPROOF_ON_EVERY_TARGET(
    std::size_t gated_delta_rule_workspace_bytes(const GatedDeltaRuleInputs& in))
PACKPROOF_ON_EVERY_TARGET(
    std::size_t gated_delta_rule_backward_workspace_bytes(const GatedDeltaRuleInputs& in))

PACKPROOF_ON_EVERY_TARGET(void chunk_gated_delta_rule(const GatedDeltaRuleParams& params,
                                                      Stream stream))
PACKPROOF_ON_EVERY_TARGET(
    void chunk_gated_delta_rule_backward(const GatedDeltaRuleBackwardParams& params, Stream stream))

}  // namespace packproof
