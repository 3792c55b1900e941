// fused_recurrent_gated_delta_rule on states so far into their memory that the offset of an element
// passes 2^32: indices of 32 bits wrap there, and reach other slots.
#include <cstdint>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "harness/testing/sparse_memory.h"
#include "kernels/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_kernel.h"

namespace packproof::harness {
namespace {

constexpr std::int32_t kHeads = 2;
constexpr std::int32_t kValueDim = 64;

using Floats = std::vector<float>;

// Between 0 and 1/8, all different enough.
Floats numbers(std::int64_t count, std::uint32_t seed) {
  Floats all;
  for (std::int64_t i = 0; i < count; ++i) {
    seed = seed * 1664525u + 1013904223u;
    all.push_back(static_cast<float>(seed >> 8) * 0x1p-27f);
  }
  return all;
}

// One token of one sequence, and its slot of the state.
struct Token {
  std::int32_t key_dim;
  Floats q, k, v, g, beta, slot;

  explicit Token(std::int32_t given)
      : key_dim(given),
        q(numbers(given, 1)),
        k(numbers(given, 2)),
        v(numbers(kHeads * kValueDim, 3)),
        g(kHeads, -0.5f),
        beta(kHeads, 0.5f),
        slot(numbers(std::int64_t{kHeads} * given * kValueDim, 4)) {}

  // o, where the token's state is slot `index` of `state`.
  Floats run(float* state, std::int32_t index) const {
    const std::vector<std::int32_t> cu_seqlens = {0, 1};
    Floats o(v.size());
    kernels_simt::fused_recurrent_gated_delta_rule({.dtype = DType::fp32,
                                                    .total_tokens = 1,
                                                    .segments = 1,
                                                    .key_heads = 1,
                                                    .value_heads = kHeads,
                                                    .key_dim = key_dim,
                                                    .value_dim = kValueDim,
                                                    .norm = KeyNorm::none,
                                                    .cu_seqlens = cu_seqlens.data(),
                                                    .slots = &index,
                                                    .q = q.data(),
                                                    .k = k.data(),
                                                    .v = v.data(),
                                                    .g = g.data(),
                                                    .beta = beta.data(),
                                                    .state = state,
                                                    .o = o.data()},
                                                   nullptr);
    return o;
  }
};

class FarRecurrentState : public testing::TestWithParam<std::int32_t> {};

TEST_P(FarRecurrentState, IsTheSameAsANearOne) {
  const Token token(GetParam());
  Floats near = token.slot;
  const Floats want = token.run(near.data(), 0);
  ASSERT_NE(near, token.slot);

  const auto slot_elements = static_cast<std::int64_t>(token.slot.size());
  for (const int bits : {31, 32}) {
    // The slot in which the offset wraps, and the one behind it.
    const std::int64_t wraps_in = (std::int64_t{1} << bits) / slot_elements;
    const SparseMemory state(static_cast<std::size_t>((wraps_in + 2) * slot_elements) *
                             sizeof(float));
    if (!state.as<float>()) GTEST_SKIP() << "no address space for " << bits << " bits of elements";
    for (const std::int64_t index : {wraps_in, wraps_in + 1}) {
      float* const slot = state.as<float>() + index * slot_elements;
      std::memcpy(slot, token.slot.data(), token.slot.size() * sizeof(float));
      EXPECT_EQ(token.run(state.as<float>(), static_cast<std::int32_t>(index)), want) << bits;
      EXPECT_EQ(Floats(slot, slot + slot_elements), near) << bits;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(KeyDims, FarRecurrentState, testing::Values(64, 128, 256));

}  // namespace
}  // namespace packproof::harness
