// How references lay a packed row on the ranks of a sequence-parallel group.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/core/call_arrays.h"

namespace packproof::reference {

struct SpLayout {
  std::int64_t world;
  bool is_zigzag;
  Integers padded;  // cu_seqlens_padded [segments + 1]

  explicit SpLayout(const Call& call)
      : world(call.the_case->integer("sp")),
        is_zigzag(call.the_case->is("layout", "zigzag")),
        padded(integers_of(call.input("cu_seqlens_padded"))) {}

  // The padded rows that ranks 0, 1, ... hold, rank after rank: equal runs, or of every segment the
  // chunks r and 2 world - 1 - r of 2 world.
  std::vector<std::int64_t> rows_by_rank(std::int64_t rows) const {
    std::vector<std::int64_t> all;
    if (!is_zigzag) {
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
};

}  // namespace packproof::reference
