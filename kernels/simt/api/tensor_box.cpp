#include "kernels/simt/api/tensor_box.h"

#include <algorithm>

namespace packproof::simt::detail {

TensorBox::TensorBox(void* global, uint32_t bytes) : coordinates_{} {
  map_.rank = 1;
  map_.element_bytes = 1;
  map_.global = static_cast<unsigned char*>(global);
  map_.size[0] = bytes;
  map_.stride_bytes[0] = 1;
  map_.box[0] = bytes;
}

TensorBox::Row TensorBox::place_of(uint32_t row) const {
  const int64_t element_bytes = map_.element_bytes;
  const int64_t first = coordinates_[0];
  const int64_t length = map_.box[0];
  const int64_t begin = std::clamp<int64_t>(-first, 0, length);
  const int64_t end =
      std::clamp<int64_t>(static_cast<int64_t>(map_.size[0]) - first, begin, length);
  int64_t offset = first * element_bytes;
  bool inside = true;
  for (size_t i = 1; i < map_.rank; ++i) {
    const int64_t at = int64_t{coordinates_[i]} + row % map_.box[i];
    row /= map_.box[i];
    inside = inside && at >= 0 && at < static_cast<int64_t>(map_.size[i]);
    offset += at * static_cast<int64_t>(map_.stride_bytes[i]);
  }
  if (!inside || begin >= end) return {nullptr, 0, 0};
  // Through integers: the row's first byte need not be in the tensor.
  const uintptr_t global =
      reinterpret_cast<uintptr_t>(map_.global) + static_cast<uintptr_t>(offset);
  return {reinterpret_cast<unsigned char*>(global), static_cast<uint32_t>(begin * element_bytes),
          static_cast<uint32_t>(end * element_bytes)};
}

}  // namespace packproof::simt::detail
