// What a tensor map may describe. Not inline: under the race detector kernels' objects must have no
// library functions of their own.
#pragma once

#include <array>
#include <cstdint>

namespace packproof::kernels {

// A TensorMapShape (kernels/device/instructions/tensor_map.cuh) in plain numbers.
struct TensorMapNumbers {
  const void* global;
  int rank;
  std::uint64_t element_bytes;
  std::uint64_t swizzle_bytes;  // 0: none
  std::array<std::uint64_t, 4> size;
  std::array<std::uint64_t, 4> stride_bytes;
  std::array<std::uint32_t, 4> box;
};

// Throws std::invalid_argument for what breaks a rule of TensorMapShape: which, and what would do.
void check_tensor_map(const TensorMapNumbers& shape);

}  // namespace packproof::kernels
