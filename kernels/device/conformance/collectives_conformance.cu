#include "kernels/device/conformance/collectives_conformance.h"

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

struct Results {
  std::uint32_t first;
  std::uint32_t second;
};

template <Collective kCollective>
__device__ Results execute(unsigned mask, std::uint32_t value, int operand, int width) {
  const int as_signed = static_cast<int>(value);
  if constexpr (kCollective == Collective::kShfl) {
    return {__shfl_sync(mask, value, operand, width), 0};
  } else if constexpr (kCollective == Collective::kShflUp) {
    return {__shfl_up_sync(mask, value, static_cast<unsigned>(operand), width), 0};
  } else if constexpr (kCollective == Collective::kShflDown) {
    return {__shfl_down_sync(mask, value, static_cast<unsigned>(operand), width), 0};
  } else if constexpr (kCollective == Collective::kShflXor) {
    return {__shfl_xor_sync(mask, value, operand, width), 0};
  } else if constexpr (kCollective == Collective::kShflWide) {
    const unsigned long long wide = static_cast<unsigned long long>(~value) << 32 | value;
    const unsigned long long got = __shfl_sync(mask, wide, operand, width);
    return {static_cast<std::uint32_t>(got), static_cast<std::uint32_t>(got >> 32)};
  } else if constexpr (kCollective == Collective::kBallot) {
    return {__ballot_sync(mask, value & 1u), 0};
  } else if constexpr (kCollective == Collective::kAny) {
    return {__any_sync(mask, value & 1u) != 0, 0};
  } else if constexpr (kCollective == Collective::kAll) {
    return {__all_sync(mask, value & 1u) != 0, 0};
  } else if constexpr (kCollective == Collective::kMatchAny) {
    return {__match_any_sync(mask, value), 0};
  } else if constexpr (kCollective == Collective::kMatchAnyWide) {
    // The lower word is the same everywhere.
    return {__match_any_sync(mask, static_cast<unsigned long long>(value) << 32 | 7u), 0};
  } else if constexpr (kCollective == Collective::kMatchAnyFloat) {
    return {__match_any_sync(mask, __uint_as_float(value)), 0};
  } else if constexpr (kCollective == Collective::kMatchAll) {
    int all_same = -1;
    const unsigned matching = __match_all_sync(mask, value, &all_same);
    return {matching, all_same != 0};
  } else if constexpr (kCollective == Collective::kReduceAdd) {
    return {__reduce_add_sync(mask, value),
            static_cast<std::uint32_t>(__reduce_add_sync(mask, as_signed))};
  } else if constexpr (kCollective == Collective::kReduceMin) {
    return {__reduce_min_sync(mask, value), 0};
  } else if constexpr (kCollective == Collective::kReduceMax) {
    return {__reduce_max_sync(mask, value), 0};
  } else if constexpr (kCollective == Collective::kReduceMinSigned) {
    return {static_cast<std::uint32_t>(__reduce_min_sync(mask, as_signed)), 0};
  } else if constexpr (kCollective == Collective::kReduceMaxSigned) {
    return {static_cast<std::uint32_t>(__reduce_max_sync(mask, as_signed)), 0};
  } else if constexpr (kCollective == Collective::kReduceAnd) {
    return {__reduce_and_sync(mask, value), 0};
  } else if constexpr (kCollective == Collective::kReduceOr) {
    return {__reduce_or_sync(mask, value), 0};
  } else {
    return {__reduce_xor_sync(mask, value), 0};
  }
}

// The groups take turns, each under a branch of its own: in one call a device could run both.
template <Collective kCollective>
__global__ void one_collective(CollectivesParams p) {
  const int lane = static_cast<int>(threadIdx.x);
  const bool in_group = (p.group >> lane & 1u) != 0;
  Results results{};
  for (int turn = 0; turn < 2; ++turn) {
    if (in_group != (turn == 0)) continue;
    results = execute<kCollective>(turn == 0 ? p.group : ~p.group, p.values[lane], p.operands[lane],
                                   p.width);
  }
  p.results[lane] = results.first;
  p.second[lane] = results.second;
}

template <Collective... kAll>
struct Launch {
  // Runs the kernel of the collective that is asked for.
  static void any_of(const CollectivesParams& p, Stream stream) {
    (void)((p.collective == kAll ? (simt::launch(one_collective<kAll>, 1, 32, 0, stream, p), true)
                                 : false) ||
           ...);
  }
};

}  // namespace

void run_collective(const CollectivesParams& p, Stream stream) {
  using enum Collective;
  Launch<kShfl, kShflUp, kShflDown, kShflXor, kShflWide, kBallot, kAny, kAll, kMatchAny,
         kMatchAnyWide, kMatchAnyFloat, kMatchAll, kReduceAdd, kReduceMin, kReduceMax,
         kReduceMinSigned, kReduceMaxSigned, kReduceAnd, kReduceOr, kReduceXor>::any_of(p, stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
