// Kernels of the conformance suite: copies between global and shared memory.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

constexpr int kImageBytes = 32 * 1024;  // of shared memory

// 128 threads each issue one cp.async of `bytes` (4, 8 or 16) and write out what landed.
struct AsyncCopyParams {
  int bytes;
  const unsigned char* source;       // [2048]
  const std::int32_t* source_at;     // [128] multiples of bytes
  const std::int32_t* target_at;     // [128] multiples of bytes, disjoint
  const std::int32_t* source_bytes;  // [128] 0 to bytes
  unsigned char* image;              // [2048] the shared memory, which was `fill` before
  unsigned char fill;
};

// One thread loads and stores a run of bytes.
struct BulkCopyParams {
  const unsigned char* source;                  // [kImageBytes]
  std::int32_t source_at, load_at, load_bytes;  // multiples of 16
  std::int32_t store_at, target_at, store_bytes;
  unsigned char* image;   // [kImageBytes] the shared memory after the load; 0x11 elsewhere
  unsigned char* target;  // [kImageBytes]
};

enum class TensorElementKind { kBf16, kFp16, kFp32 };

// One thread loads a box, or stores one.
struct TensorCopyParams {
  void* tensor;
  TensorElementKind element;
  int rank;
  std::array<std::uint64_t, 4> size;
  std::array<std::uint64_t, 4> stride_bytes;
  std::array<std::uint32_t, 4> box;
  std::uint32_t swizzle_bytes;
  std::int32_t coordinates[4];
  std::int32_t image_at;  // of the box in shared memory
  std::uint32_t box_bytes;
  bool stores;
  unsigned char* image;  // [kImageBytes] in, for a store; out, for a load: 0x11 outside the box
};

PACKPROOF_ON_EVERY_TARGET(void run_async_copy(const AsyncCopyParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void run_bulk_copy(const BulkCopyParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void run_tensor_copy(const TensorCopyParams& params, Stream stream))

}  // namespace packproof
