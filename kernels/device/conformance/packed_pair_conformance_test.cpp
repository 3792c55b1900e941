#include "kernels/device/conformance/packed_pair_conformance.h"

#include <gtest/gtest.h>

#include <bit>

#include "kernels/device/conformance/conformance.h"
#include "kernels/device/conformance/formats.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;

class PackedPair : public conformance::ConformanceTest {};
PACKPROOF_CONFORMANCE_SUITE(PackedPair);

// PTX ISA, "cvt", .rn.bf16x2.f32 and .rn.f16x2.f32, whose first source is the upper half.
// Catches: halves swapped, truncation, double rounding, another NaN than the canonical one.
TEST_P(PackedPair, RoundsToNearestEvenAndBack) {
  constexpr size_t kCount = 4000;
  std::vector<float> inputs[2];
  for (size_t half = 0; half < 2; ++half) {
    for (const auto bits : conformance::random_bits<std::uint32_t>(kCount, half)) {
      // Three in four in the range of f16; half of those in the middle between two bf16.
      std::uint32_t drawn = bits % 4 == 0 ? bits : (bits & 0x8fffffffu) + 0x30000000u;
      if (bits % 4 == 3) drawn = (drawn & 0xffff0000u) | 0x8000u;
      inputs[half].push_back(std::bit_cast<float>(drawn));
    }
  }
  const auto bits = conformance::random_bits<std::uint32_t>(kCount, 2);
  const TargetBuffer<float> low(GetParam(), inputs[0]);
  const TargetBuffer<float> high(GetParam(), inputs[1]);
  const TargetBuffer<std::uint32_t> packed(GetParam(), bits);
  const TargetBuffer<std::uint32_t> bf16x2(GetParam(), kCount);
  const TargetBuffer<std::uint32_t> f16x2(GetParam(), kCount);
  const TargetBuffer<float> bf16_unpacked(GetParam(), 2 * kCount);
  const TargetBuffer<float> f16_unpacked(GetParam(), 2 * kCount);
  PACKPROOF_LAUNCHER(GetParam(), run_packed_pair)
  ({static_cast<int>(kCount), low.data(), high.data(), bf16x2.data(), f16x2.data(),
    bf16_unpacked.data(), f16_unpacked.data(), packed.data()},
   nullptr);

  std::vector<std::uint32_t> expected_bf16;
  std::vector<std::uint32_t> expected_f16;
  std::vector<float> from_bf16;
  std::vector<float> from_f16;
  const auto pair = [](std::uint32_t first, std::uint32_t second) { return first | second << 16; };
  for (size_t i = 0; i < kCount; ++i) {
    const float first = inputs[0][i];
    const float second = inputs[1][i];
    expected_bf16.push_back(pair(conformance::bf16_of(first), conformance::bf16_of(second)));
    expected_f16.push_back(pair(conformance::f16_of(first), conformance::f16_of(second)));
    for (const std::uint32_t half : {bits[i] & 0xffffu, bits[i] >> 16}) {
      from_bf16.push_back(conformance::float_of_bf16(static_cast<std::uint16_t>(half)));
      from_f16.push_back(conformance::float_of_f16(static_cast<std::uint16_t>(half)));
    }
  }
  conformance::expect_same_bits(bf16x2.read(), expected_bf16);
  conformance::expect_same_bits(f16x2.read(), expected_f16);
  const std::vector<float> exactly(2 * kCount, 0.0f);
  conformance::expect_within(bf16_unpacked.read(), from_bf16, exactly);
  conformance::expect_within(f16_unpacked.read(), from_f16, exactly);
}

}  // namespace
}  // namespace packproof
