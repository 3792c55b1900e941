// Whole steps that cover a size: for grids and workspaces.
#pragma once

#include <cstdint>

namespace packproof {

// value / by, rounded up; value >= 0, by > 0.
constexpr std::int64_t divide_up(std::int64_t value, std::int64_t by) {
  return (value + by - 1) / by;
}

}  // namespace packproof
