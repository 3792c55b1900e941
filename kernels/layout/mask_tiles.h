// How a mask is cut into tiles, for those who allocate scratch memory and those who launch.
#pragma once

#include <cstdint>

namespace packproof {

constexpr int kMaskThreads = 256;
constexpr int kPlacesPerThread = 16;  // one 16-byte load
constexpr std::int64_t kMaskTile = std::int64_t{kMaskThreads} * kPlacesPerThread;

// Tiles of a flattened mask of `places` bytes; the last may be partial.
constexpr std::int64_t mask_tiles(std::int64_t places) {
  return (places + kMaskTile - 1) / kMaskTile;
}

}  // namespace packproof
