// States so far into their memory that the offset of an element passes 2^32: indices of 32 bits
// wrap there, and reach other slots (causal-conv1d 114). The memory is mapped but never touched,
// except for the slots in use.
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/testing/sparse_memory.h"
#include "kernels/conv/causal_conv1d_update/causal_conv1d_update_kernel.h"

namespace packproof::harness {
namespace {

constexpr std::int32_t kWidth = 4;

using Elements = std::vector<std::uint16_t>;

// bf16 between 1 and 2, all different enough.
Elements numbers(std::int64_t count, std::uint32_t seed) {
  Elements all;
  for (std::int64_t i = 0; i < count; ++i) {
    seed = seed * 1664525u + 1013904223u;
    all.push_back(static_cast<std::uint16_t>(0x3f80u | seed >> 25));
  }
  return all;
}

// One token of one sequence, and its slot of the state.
struct Token {
  std::int32_t channels;
  std::int32_t state_len;
  Elements x, weight, slot;

  Token(std::int32_t channels_given, std::int32_t state_len_given)
      : channels(channels_given),
        state_len(state_len_given),
        x(numbers(channels, 1)),
        weight(numbers(channels * kWidth, 2)),
        slot(numbers(channels * state_len, 3)) {}

  // y, where the token's state is slot `index` of `state`.
  Elements run(std::uint16_t* state, std::int32_t index) const {
    const std::vector<std::int32_t> cu_seqlens = {0, 1};
    Elements y(x.size());
    kernels_simt::causal_conv1d_update({.dtype = DType::bf16,
                                        .total_tokens = 1,
                                        .channels = channels,
                                        .width = kWidth,
                                        .state_len = state_len,
                                        .activation = ConvActivation::none,
                                        .segments = 1,
                                        .cu_seqlens = cu_seqlens.data(),
                                        .slots = &index,
                                        .x = x.data(),
                                        .weight = weight.data(),
                                        .bias = nullptr,
                                        .state = state,
                                        .y = y.data()},
                                       nullptr);
    return y;
  }
};

// By vectors, and one channel at a time.
class FarState : public testing::TestWithParam<std::int32_t> {};

TEST_P(FarState, IsTheSameAsANearOne) {
  const Token token(/*channels=*/4096, /*state_len=*/GetParam());
  Elements near = token.slot;
  const Elements want = token.run(near.data(), 0);
  ASSERT_NE(near, token.slot);

  const auto slot_elements = static_cast<std::int64_t>(token.slot.size());
  for (const int bits : {31, 32}) {
    // The slot in which the offset wraps, and the one behind it.
    const std::int64_t wraps_in = (std::int64_t{1} << bits) / slot_elements;
    const SparseMemory state(static_cast<std::size_t>((wraps_in + 2) * slot_elements) *
                             sizeof(std::uint16_t));
    if (!state.as<std::uint16_t>())
      GTEST_SKIP() << "no address space for " << bits << " bits of elements";
    for (const std::int64_t index : {wraps_in, wraps_in + 1}) {
      std::uint16_t* const slot = state.as<std::uint16_t>() + index * slot_elements;
      std::memcpy(slot, token.slot.data(), token.slot.size() * sizeof(std::uint16_t));
      EXPECT_EQ(token.run(state.as<std::uint16_t>(), static_cast<std::int32_t>(index)), want)
          << bits;
      EXPECT_EQ(Elements(slot, slot + slot_elements), near) << bits;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(StateLengths, FarState, testing::Values(kWidth - 1, kWidth + 1));

}  // namespace
}  // namespace packproof::harness
