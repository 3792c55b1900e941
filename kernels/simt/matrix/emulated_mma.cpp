#include "kernels/simt/matrix/emulated_mma.h"

#include <bit>

#include "kernels/simt/api/runtime_calls.h"
#include "kernels/simt/api/thread_coordinates.h"
#include "kernels/simt/matrix/emulated_matrix.h"

namespace packproof::simt::detail {
namespace {

constexpr int kM = 16;
constexpr int kN = 8;

// A row of B or C: the compiler makes of it whatever vectors the host has.
typedef float Row __attribute__((vector_size(kN * sizeof(float))));

float value_of_bf16(uint32_t low_half) { return std::bit_cast<float>(low_half << 16); }

// The exponent is rebiased by a multiplication, which is exact for subnormals too.
float value_of_f16(uint32_t low_half) {
  const uint32_t magnitude = low_half & 0x7fffu;
  const uint32_t sign = (low_half & 0x8000u) << 16;
  const bool is_special = magnitude >= 0x7c00u;  // an infinity or a NaN
  const float scaled = std::bit_cast<float>(magnitude << 13) * 0x1p112f;
  const uint32_t bits =
      is_special ? magnitude << 13 | 0x7f800000u : std::bit_cast<uint32_t>(scaled);
  return std::bit_cast<float>(bits | sign);
}

struct Operands {
  float a[kM][16];
  Row b[16];
};

template <float (*value_of)(uint32_t)>
struct PairsOf16Bits {
  static constexpr int kK = 16;

  static void place(const MmaArgument& lane, int g, int t, Operands& operands) {
    for (int i = 0; i < 4; ++i) {
      float* a = &operands.a[g + i % 2 * 8][2 * t + i / 2 * 8];
      a[0] = value_of(lane.a[i] & 0xffffu);
      a[1] = value_of(lane.a[i] >> 16);
    }
    for (int i = 0; i < 2; ++i) {
      Row* b = &operands.b[2 * t + 8 * i];
      b[0][g] = value_of(lane.b[i] & 0xffffu);
      b[1][g] = value_of(lane.b[i] >> 16);
    }
  }
};

struct Tf32 {
  static constexpr int kK = 8;

  static float value_of(uint32_t bits) { return std::bit_cast<float>(bits & 0xffffe000u); }

  static void place(const MmaArgument& lane, int g, int t, Operands& operands) {
    for (int i = 0; i < 4; ++i) {
      operands.a[g + i % 2 * 8][t + i / 2 * 4] = value_of(lane.a[i]);
    }
    for (int i = 0; i < 2; ++i) operands.b[t + 4 * i][g] = value_of(lane.b[i]);
  }
};

template <class Format>
void combine(void* const* lanes, uint32_t participants) {
  const auto argument_of = [lanes](int lane) -> const MmaArgument& {
    return *static_cast<const MmaArgument*>(lanes[lane]);
  };
  require_all_lanes(participants, "mma", *argument_of(__builtin_ctz(participants)).site);
  Operands operands;
  Row sums[kM];
  for (int lane = 0; lane < warpSize; ++lane) {
    const MmaArgument& own = argument_of(lane);
    const int g = lane / 4;
    const int t = lane % 4;
    Format::place(own, g, t, operands);
    for (int i = 0; i < 4; ++i) sums[g + i / 2 * 8][2 * t + i % 2] = own.c[i];
  }
  for (int row = 0; row < kM; ++row) {
    Row sum = sums[row];
    for (int k = 0; k < Format::kK; ++k) sum += operands.a[row][k] * operands.b[k];
    sums[row] = sum;
  }
  for (int lane = 0; lane < warpSize; ++lane) {
    float* d = argument_of(lane).d;
    for (int i = 0; i < 4; ++i) d[i] = sums[lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2];
  }
}

}  // namespace

void multiply_bf16(MmaArgument argument) {
  meet_warp(kFullMask, "mma.m16n8k16.bf16", &argument, combine<PairsOf16Bits<value_of_bf16>>,
            *argument.site);
}

void multiply_f16(MmaArgument argument) {
  meet_warp(kFullMask, "mma.m16n8k16.f16", &argument, combine<PairsOf16Bits<value_of_f16>>,
            *argument.site);
}

void multiply_tf32(MmaArgument argument) {
  meet_warp(kFullMask, "mma.m16n8k8.tf32", &argument, combine<Tf32>, *argument.site);
}

}  // namespace packproof::simt::detail
