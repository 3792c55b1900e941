#include "kernels/device/conformance/stmatrix_conformance.h"

#include <gtest/gtest.h>

#include <numeric>

#include "kernels/device/conformance/conformance.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;

class Stmatrix : public conformance::ConformanceTest {};
PACKPROOF_CONFORMANCE_SUITE(Stmatrix);

// PTX ISA, "Warp-level matrix store instruction: stmatrix": the table of which thread holds which
// elements of a row; with .trans, of a column.
void store_as_defined(const std::vector<std::uint32_t>& fragments,
                      const std::vector<std::int32_t>& row_at, size_t matrices, bool transposed,
                      std::vector<std::uint16_t>& tile) {
  for (size_t matrix = 0; matrix < matrices; ++matrix) {
    for (size_t row = 0; row < 8; ++row) {
      for (size_t column = 0; column < 8; ++column) {
        const size_t across = transposed ? column : row;
        const size_t along = transposed ? row : column;
        const std::uint32_t fragment = fragments[(across * 4 + along / 2) * matrices + matrix];
        tile[static_cast<size_t>(row_at[8 * matrix + row]) + column] =
            static_cast<std::uint16_t>(fragment >> (along % 2 * 16));
      }
    }
  }
}

// Catches: rows or matrices mixed up, halves swapped, .trans ignored, addresses of unused lanes
// written, neighbours touched. Random bits: NaNs, infinities and denormals too.
TEST_P(Stmatrix, MovesEveryElementAsPtxSays) {
  std::uint64_t seed = 1;
  for (const size_t matrices : {size_t{1}, size_t{2}, size_t{4}}) {
    for (bool transposed : {false, true}) {
      SCOPED_TRACE(testing::Message() << "x" << matrices << (transposed ? ".trans" : ""));
      auto tile = conformance::random_bits<std::uint16_t>(kStmatrixTileElements, seed++);
      const auto fragments = conformance::random_bits<std::uint32_t>(32 * matrices, seed++);
      // Rows apart from each other, in a random order: 32 of 128 places.
      std::vector<std::int32_t> places(kStmatrixTileElements / 8);
      std::iota(places.begin(), places.end(), 0);
      const auto draws = conformance::random_words(32, seed++);
      std::vector<std::int32_t> row_at;
      for (size_t i = 0; i < 32; ++i) {
        std::swap(places[i], places[i + draws[i] % (places.size() - i)]);
        row_at.push_back(places[i] * 8);
      }
      const TargetBuffer<std::uint16_t> on_target(GetParam(), tile);
      const TargetBuffer<std::uint32_t> registers(GetParam(), fragments);
      const TargetBuffer<std::int32_t> rows(GetParam(), row_at);
      PACKPROOF_LAUNCHER(GetParam(), run_stmatrix)
      ({static_cast<int>(matrices), transposed, registers.data(), rows.data(), on_target.data()},
       nullptr);
      store_as_defined(fragments, row_at, matrices, transposed, tile);
      conformance::expect_same_bits(on_target.read(), tile);
    }
  }
}

}  // namespace
}  // namespace packproof
