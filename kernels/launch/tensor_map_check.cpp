#include "kernels/launch/tensor_map_check.h"

#include <stdexcept>
#include <string>

namespace packproof::kernels {
namespace {

std::string text(std::uint64_t value) { return std::to_string(value); }

void require(bool condition, const std::string& what) {
  if (!condition) throw std::invalid_argument("tensor map: " + what);
}

}  // namespace

void check_tensor_map(const TensorMapNumbers& shape) {
  require(shape.rank >= 2 && shape.rank <= 4,
          "rank " + std::to_string(shape.rank) + "; it may be 2, 3 or 4");
  require(reinterpret_cast<std::uintptr_t>(shape.global) % 16 == 0,
          "the tensor's address is not a multiple of 16 bytes");
  for (int i = 0; i < shape.rank; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::string where = " of dimension " + std::to_string(i) + " (0 is innermost) is ";
    require(shape.size[at] >= 1 && shape.size[at] <= std::uint64_t{1} << 32,
            "the size" + where + text(shape.size[at]) + "; it may be 1 to 2^32");
    require(shape.box[at] >= 1 && shape.box[at] <= 256,
            "the box" + where + text(shape.box[at]) + "; it may be 1 to 256");
    const std::uint64_t stride = shape.stride_bytes[at];
    require(i == 0 || (stride % 16 == 0 && stride < std::uint64_t{1} << 40),
            "the stride" + where + text(stride) + " bytes; it must be a multiple of 16 below 2^40");
  }
  const std::uint64_t row_bytes = shape.box[0] * shape.element_bytes;
  require(row_bytes % 16 == 0,
          "a row of the box has " + text(row_bytes) + " bytes; it must be a multiple of 16");
  // The driver takes shorter rows too, and then leaves gaps in shared memory.
  require(shape.swizzle_bytes == 0 || row_bytes == shape.swizzle_bytes,
          "a row of the box has " + text(row_bytes) + " bytes; the swizzle needs " +
              text(shape.swizzle_bytes));
}

}  // namespace packproof::kernels
