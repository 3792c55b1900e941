#include "kernels/simt/block/block.h"

namespace packproof::simt::detail {

constinit thread_local Block* current_block = nullptr;

uint3 coordinates(uint64_t linear, dim3 extent) {
  return {static_cast<unsigned>(linear % extent.x),
          static_cast<unsigned>(linear / extent.x % extent.y),
          static_cast<unsigned>(linear / extent.x / extent.y)};
}

}  // namespace packproof::simt::detail
