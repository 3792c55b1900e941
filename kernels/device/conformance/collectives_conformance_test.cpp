#include "kernels/device/conformance/collectives_conformance.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kernels/device/conformance/conformance.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;
using Words = std::vector<std::uint32_t>;

constexpr std::uint32_t kAllLanes = 0xffffffffu;

struct Outcome {
  Words results;
  Words second;
};

Outcome run(Target target, Collective collective, int width, std::uint32_t group,
            const Words& values, const std::vector<std::int32_t>& operands) {
  const TargetBuffer<std::uint32_t> values_there(target, values);
  const TargetBuffer<std::int32_t> operands_there(target, operands);
  const TargetBuffer<std::uint32_t> results(target, 32);
  const TargetBuffer<std::uint32_t> second(target, 32);
  PACKPROOF_LAUNCHER(target, run_collective)
  ({collective, width, group, values_there.data(), operands_there.data(), results.data(),
    second.data()},
   nullptr);
  return {results.read(), second.read()};
}

// PTX ISA, "shfl.sync", its pseudocode: operand c holds the mask of a segment and the clamp, which
// CUDA's __shfl functions set from the width ("((32 - width) << 8) | clamp").
int source_lane(Collective mode, int lane, int b, int width) {
  const bool up = mode == Collective::kShflUp;
  const int segment_mask = 32 - width;
  const int clamp = up ? 0 : 31;
  const int bval = b & 31;
  const int max_lane = (lane & segment_mask) | (clamp & ~segment_mask);
  const int min_lane = lane & segment_mask;
  int j;
  bool valid;
  if (up) {
    j = lane - bval;
    valid = j >= max_lane;
  } else if (mode == Collective::kShflDown) {
    j = lane + bval;
    valid = j <= max_lane;
  } else if (mode == Collective::kShflXor) {
    j = lane ^ bval;
    valid = j <= max_lane;
  } else {
    j = min_lane | (bval & ~segment_mask);
    valid = j <= max_lane;
  }
  return valid ? j : lane;
}

class Collectives : public conformance::ConformanceTest {};
PACKPROOF_CONFORMANCE_SUITE(Collectives);

// Catches: a segment's edge off by one, width or clamp ignored, operands beyond 31 not cut.
TEST_P(Collectives, ShufflesTakeTheLaneThatPtxSays) {
  std::uint64_t seed = 1;
  for (const Collective mode : {Collective::kShfl, Collective::kShflUp, Collective::kShflDown,
                                Collective::kShflXor, Collective::kShflWide}) {
    for (const int width : {1, 2, 4, 8, 16, 32}) {
      SCOPED_TRACE(testing::Message()
                   << "collective " << static_cast<int>(mode) << " width " << width);
      const bool per_lane = mode == Collective::kShfl || mode == Collective::kShflWide;
      for (int round = 0; round < 10; ++round) {
        const auto values = conformance::random_bits<std::uint32_t>(32, seed++);
        std::vector<std::int32_t> operands;
        for (const std::uint64_t word : conformance::random_words(32, seed++)) {
          operands.push_back(static_cast<std::int32_t>(word % 40));
          if (!per_lane) operands.back() = operands.front();
        }
        Words expected;
        Words complements;
        for (int lane = 0; lane < 32; ++lane) {
          const int from = source_lane(mode, lane, operands[static_cast<size_t>(lane)], width);
          expected.push_back(values[static_cast<size_t>(from)]);
          complements.push_back(~expected.back());
        }
        const Outcome outcome = run(GetParam(), mode, width, kAllLanes, values, operands);
        conformance::expect_same_bits(outcome.results, expected);
        if (mode == Collective::kShflWide) {
          conformance::expect_same_bits(outcome.second, complements);
        }
      }
    }
  }
}

// Runs `collective` for two groups of lanes that share out the warp, and expects of each lane what
// `definition` says of (its group's mask, values, lane).
template <class Definition>
void expect_in_groups(Target target, Collective collective, const Words& values,
                      Definition definition) {
  for (const std::uint32_t group :
       {kAllLanes, 0x0000ffffu, 0x55555555u, 0x80000001u, 0x12345678u}) {
    SCOPED_TRACE(testing::Message() << "collective " << static_cast<int>(collective) << " group "
                                    << std::hex << group);
    Words expected;
    for (size_t lane = 0; lane < 32; ++lane) {
      const bool in_group = (group >> lane & 1u) != 0;
      expected.push_back(definition(in_group ? group : ~group, values, lane));
    }
    conformance::expect_same_bits(
        run(target, collective, 32, group, values, std::vector<std::int32_t>(32)).results,
        expected);
  }
}

// Folds the values of the mask's lanes.
template <class Fold>
std::uint32_t fold(std::uint32_t mask, const Words& values, std::uint32_t first, Fold step) {
  std::uint32_t total = first;
  for (size_t lane = 0; lane < 32; ++lane) {
    if ((mask >> lane & 1u) != 0) total = step(total, values[lane]);
  }
  return total;
}

std::uint32_t votes(std::uint32_t mask, const Words& values) {
  std::uint32_t set = 0;
  for (size_t lane = 0; lane < 32; ++lane) set |= (values[lane] & 1u) << lane;
  return set & mask;
}

// PTX ISA, "vote.sync". Catches: lanes outside the mask counted, any and all swapped.
TEST_P(Collectives, VotesCountTheMasksLanes) {
  std::vector<Words> cases{Words(32, 0), Words(32, 1)};
  for (std::uint64_t seed = 1; seed < 5; ++seed) {
    cases.push_back(conformance::random_bits<std::uint32_t>(32, seed));
  }
  for (const Words& values : cases) {
    expect_in_groups(GetParam(), Collective::kBallot, values,
                     [](std::uint32_t mask, const Words& v, size_t) { return votes(mask, v); });
    expect_in_groups(GetParam(), Collective::kAny, values,
                     [](std::uint32_t mask, const Words& v, size_t) -> std::uint32_t {
                       return votes(mask, v) != 0;
                     });
    expect_in_groups(GetParam(), Collective::kAll, values,
                     [](std::uint32_t mask, const Words& v, size_t) -> std::uint32_t {
                       return votes(mask, v) == mask;
                     });
  }
}

// PTX ISA, "match.sync". Catches: floats compared as numbers (-0, NaN), half of 8 bytes compared.
TEST_P(Collectives, MatchesCompareBits) {
  Words values = conformance::random_bits<std::uint32_t>(32, 7);
  const std::uint32_t specials[] = {0x00000000u, 0x80000000u, 0x7fc00000u, 0x7fc00001u, 1u, 5u};
  for (size_t lane = 0; lane < 32; ++lane) values[lane] = specials[values[lane] % 6];
  const auto any = [](std::uint32_t mask, const Words& v, size_t lane) {
    std::uint32_t same = 0;
    for (size_t other = 0; other < 32; ++other) {
      same |= static_cast<std::uint32_t>(v[other] == v[lane]) << other;
    }
    return same & mask;
  };
  for (const Collective collective :
       {Collective::kMatchAny, Collective::kMatchAnyWide, Collective::kMatchAnyFloat}) {
    expect_in_groups(GetParam(), collective, values, any);
  }
  const auto all = [&](std::uint32_t mask, const Words& v, size_t lane) {
    return any(mask, v, lane) == mask ? mask : 0u;
  };
  expect_in_groups(GetParam(), Collective::kMatchAll, values, all);
  expect_in_groups(GetParam(), Collective::kMatchAll, Words(32, 9), all);
  const std::vector<std::int32_t> none(32);
  EXPECT_EQ(run(GetParam(), Collective::kMatchAll, 32, kAllLanes, values, none).second,
            Words(32, 0));
  EXPECT_EQ(run(GetParam(), Collective::kMatchAll, 32, kAllLanes, Words(32, 9), none).second,
            Words(32, 1));
}

// PTX ISA, "redux.sync". Catches: signed order used for unsigned and back, a sum that saturates.
TEST_P(Collectives, ReductionsFoldTheMasksLanes) {
  using U = std::uint32_t;
  const Words values = conformance::random_bits<U>(32, 11);
  const auto reduces = [&](Collective collective, U first, auto step) {
    expect_in_groups(GetParam(), collective, values,
                     [&](U mask, const Words& v, size_t) { return fold(mask, v, first, step); });
  };
  const auto is_less = [](U a, U b) { return static_cast<int>(a) < static_cast<int>(b); };
  reduces(Collective::kReduceAdd, 0, [](U a, U b) { return a + b; });
  reduces(Collective::kReduceMin, ~0u, [](U a, U b) { return std::min(a, b); });
  reduces(Collective::kReduceMax, 0, [](U a, U b) { return std::max(a, b); });
  reduces(Collective::kReduceMinSigned, 0x7fffffffu,
          [&](U a, U b) { return is_less(b, a) ? b : a; });
  reduces(Collective::kReduceMaxSigned, 0x80000000u,
          [&](U a, U b) { return is_less(a, b) ? b : a; });
  reduces(Collective::kReduceAnd, ~0u, [](U a, U b) { return a & b; });
  reduces(Collective::kReduceOr, 0, [](U a, U b) { return a | b; });
  reduces(Collective::kReduceXor, 0, [](U a, U b) { return a ^ b; });
  const Outcome sums =
      run(GetParam(), Collective::kReduceAdd, 32, kAllLanes, values, std::vector<std::int32_t>(32));
  EXPECT_EQ(sums.results, sums.second);  // as unsigned and as signed
}

}  // namespace
}  // namespace packproof
