// Tensor maps: what tensor copies know of a tensor in global memory (CUDA driver API, "Tensor Map
// Object Management": cuTensorMapEncodeTiled). Made on the host, and passed to a kernel as
//   const __grid_constant__ TensorMap map
// On the device it is the driver's CUtensorMap; on the host executor a struct in that role.
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "kernels/device/instructions/swizzle.cuh"
#include "kernels/launch/tensor_map_check.h"
#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#include <cuda.h>
#else
#include "kernels/simt/api/tensor_box.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

#ifdef __CUDACC__
using TensorMap = CUtensorMap;
#else
using TensorMap = simt::detail::HostTensorMap;
#endif

enum class TensorElement { kBf16, kFp16, kFp32 };

// Dimensions are innermost first, sizes in elements. Outside the tensor a load gives zeros, and a
// store does nothing.
struct TensorMapShape {
  void* global;  // of the first element; 16-byte aligned
  TensorElement element;
  int rank;                                   // 2 to 4
  std::array<std::uint64_t, 4> size;          // [rank], 1 to 2^32
  std::array<std::uint64_t, 4> stride_bytes;  // [rank], multiples of 16 below 2^40; [0] is not used
  std::array<std::uint32_t, 4> box;           // [rank], 1 to 256; a row is a multiple of 16 bytes
  Swizzle swizzle;                            // other than kNone: a row of the box is as long
};

namespace tensor_map_detail {

constexpr std::uint64_t bytes_of(TensorElement element) {
  return element == TensorElement::kFp32 ? 4 : 2;
}

inline void check(const TensorMapShape& shape) {
  kernels::check_tensor_map({.global = shape.global,
                             .rank = shape.rank,
                             .element_bytes = bytes_of(shape.element),
                             .swizzle_bytes = static_cast<std::uint64_t>(shape.swizzle),
                             .size = shape.size,
                             .stride_bytes = shape.stride_bytes,
                             .box = shape.box});
}

#ifdef __CUDACC__

using Encode = CUresult (*)(CUtensorMap*, CUtensorMapDataType, cuuint32_t, void*, const cuuint64_t*,
                            const cuuint64_t*, const cuuint32_t*, const cuuint32_t*,
                            CUtensorMapInterleave, CUtensorMapSwizzle, CUtensorMapL2promotion,
                            CUtensorMapFloatOOBfill);

// From the driver itself: libcuda is not linked, so that the program starts without one.
inline Encode driver_encode() {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found{};
  const cudaError_t status = cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function,
                                                              12000, cudaEnableDefault, &found);
  if (status != cudaSuccess || found != cudaDriverEntryPointSuccess || function == nullptr) {
    throw std::runtime_error(std::string("tensor map: the driver has no cuTensorMapEncodeTiled (") +
                             cudaGetErrorString(status) + "); it needs CUDA 12.0 or later");
  }
  return reinterpret_cast<Encode>(function);
}

inline CUtensorMapDataType driver_type(TensorElement element) {
  switch (element) {
    case TensorElement::kBf16:
      return CU_TENSOR_MAP_DATA_TYPE_BFLOAT16;
    case TensorElement::kFp16:
      return CU_TENSOR_MAP_DATA_TYPE_FLOAT16;
    default:
      return CU_TENSOR_MAP_DATA_TYPE_FLOAT32;
  }
}

inline CUtensorMapSwizzle driver_swizzle(Swizzle swizzle) {
  switch (swizzle) {
    case Swizzle::k32Bytes:
      return CU_TENSOR_MAP_SWIZZLE_32B;
    case Swizzle::k64Bytes:
      return CU_TENSOR_MAP_SWIZZLE_64B;
    case Swizzle::k128Bytes:
      return CU_TENSOR_MAP_SWIZZLE_128B;
    default:
      return CU_TENSOR_MAP_SWIZZLE_NONE;
  }
}

#endif

}  // namespace tensor_map_detail

// Throws std::invalid_argument for a shape that breaks a rule above, on both targets alike;
// std::runtime_error when the driver refuses or is too old.
inline TensorMap make_tensor_map(const TensorMapShape& shape) {
  tensor_map_detail::check(shape);
  TensorMap map{};
#ifdef __CUDACC__
  const cuuint32_t element_strides[] = {1, 1, 1, 1};
  const CUresult result = tensor_map_detail::driver_encode()(
      &map, tensor_map_detail::driver_type(shape.element), static_cast<cuuint32_t>(shape.rank),
      shape.global, shape.size.data(), shape.stride_bytes.data() + 1, shape.box.data(),
      element_strides, CU_TENSOR_MAP_INTERLEAVE_NONE,
      tensor_map_detail::driver_swizzle(shape.swizzle), CU_TENSOR_MAP_L2_PROMOTION_L2_128B,
      CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  if (result != CUDA_SUCCESS) {
    throw std::runtime_error("tensor map: cuTensorMapEncodeTiled fails with CUresult " +
                             std::to_string(static_cast<int>(result)));
  }
#else
  map.mark = TensorMap::kMark;
  map.rank = static_cast<std::uint8_t>(shape.rank);
  map.element_bytes = static_cast<std::uint8_t>(tensor_map_detail::bytes_of(shape.element));
  map.swizzle_bytes = static_cast<std::uint16_t>(shape.swizzle);
  map.global = static_cast<unsigned char*>(shape.global);
  for (int i = 0; i < shape.rank; ++i) {
    const auto at = static_cast<std::size_t>(i);
    map.size[at] = shape.size[at];
    map.stride_bytes[at] = i == 0 ? map.element_bytes : shape.stride_bytes[at];
    map.box[at] = shape.box[at];
  }
#endif
  return map;
}

}  // namespace packproof::PACKPROOF_KERNELS
