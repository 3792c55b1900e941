#include "kernels/device/conformance/ldmatrix_conformance.h"

#include <gtest/gtest.h>

#include "kernels/device/conformance/conformance.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;

class Ldmatrix : public conformance::ConformanceTest {};
PACKPROOF_CONFORMANCE_SUITE(Ldmatrix);

// PTX ISA, "Warp-level matrix load instruction: ldmatrix": the table of which thread holds which
// elements of a row; with .trans, of a column.
std::vector<std::uint32_t> definition(const std::vector<std::uint16_t>& tile,
                                      const std::vector<std::int32_t>& row_at, size_t matrices,
                                      bool transposed) {
  std::vector<std::uint32_t> fragments;
  for (size_t lane = 0; lane < 32; ++lane) {
    for (size_t matrix = 0; matrix < matrices; ++matrix) {
      const auto element = [&](size_t row, size_t column) -> std::uint32_t {
        return tile[static_cast<size_t>(row_at[8 * matrix + row]) + column];
      };
      const size_t group = lane / 4;
      const size_t pair = lane % 4 * 2;
      fragments.push_back(transposed ? element(pair, group) | element(pair + 1, group) << 16
                                     : element(group, pair) | element(group, pair + 1) << 16);
    }
  }
  return fragments;
}

// Catches: rows or matrices mixed up, halves swapped, .trans ignored, addresses of unused lanes
// read, a row shared by several lanes read once. Random bits: NaNs, infinities and denormals too.
TEST_P(Ldmatrix, MovesEveryElementAsPtxSays) {
  std::uint64_t seed = 1;
  for (int matrices : {1, 2, 4}) {
    for (bool transposed : {false, true}) {
      SCOPED_TRACE(testing::Message() << "x" << matrices << (transposed ? ".trans" : ""));
      const auto tile = conformance::random_bits<std::uint16_t>(kLdmatrixTileElements, seed++);
      std::vector<std::int32_t> row_at(32);
      const auto draws = conformance::random_words(32, seed++);
      for (size_t i = 0; i < 32; ++i) {
        row_at[i] = static_cast<std::int32_t>(draws[i] % (kLdmatrixTileElements / 8)) * 8;
      }
      const TargetBuffer<std::uint16_t> on_target(GetParam(), tile);
      const TargetBuffer<std::int32_t> rows(GetParam(), row_at);
      const TargetBuffer<std::uint32_t> fragments(GetParam(), 32 * static_cast<size_t>(matrices));
      PACKPROOF_LAUNCHER(GetParam(), run_ldmatrix)
      ({matrices, transposed, on_target.data(), rows.data(), fragments.data()}, nullptr);
      conformance::expect_same_bits(
          fragments.read(), definition(tile, row_at, static_cast<size_t>(matrices), transposed));
    }
  }
}

}  // namespace
}  // namespace packproof
