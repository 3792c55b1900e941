// How references lay a packed row on the ranks of a sequence-parallel group.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/core/arrays.h"

namespace packproof::reference {

enum class SpOrder : std::uint8_t { contiguous, zigzag };

// The padded rows that ranks 0, 1, ... of `world` hold, rank after rank. zigzag: of every segment
// of `padded` [segments + 1] the chunks r and 2 world - 1 - r of 2 world.
inline std::vector<std::int64_t> rows_by_rank(SpOrder order, const Integers& padded,
                                              std::int64_t rows, std::int64_t world) {
  std::vector<std::int64_t> all;
  if (order == SpOrder::contiguous) {
    for (std::int64_t row = 0; row < rows; ++row) all.push_back(row);
    return all;
  }
  for (std::int64_t rank = 0; rank < world; ++rank)
    for (Eigen::Index s = 0; s + 1 < padded.size(); ++s) {
      const std::int64_t chunk = (padded(s + 1) - padded(s)) / (2 * world);
      for (std::int64_t index = 0; index < 2 * world; ++index)
        if (index == rank || index == 2 * world - 1 - rank)
          for (std::int64_t i = 0; i < chunk; ++i) all.push_back(padded(s) + index * chunk + i);
    }
  return all;
}

}  // namespace packproof::reference
