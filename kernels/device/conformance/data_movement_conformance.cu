#include "kernels/device/conformance/data_movement_conformance.h"
#include "kernels/device/instructions/async_copy.cuh"
#include "kernels/device/instructions/bulk_copy.cuh"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/tensor_copy.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 128;
constexpr int kAsyncCopyBytes = 2048;
constexpr unsigned char kFill = 0x11;

template <int kBytes>
__global__ void async_copies(AsyncCopyParams p) {
  SIMT_SHARED_ALIGNED(16, unsigned char, image, [kAsyncCopyBytes]);
  const int thread = static_cast<int>(threadIdx.x);
  for (int i = thread; i < kAsyncCopyBytes; i += kThreads) image[i] = p.fill;
  __syncthreads();  // image is filled
  const unsigned char* const source = p.source + p.source_at[thread];
  if (p.source_bytes[thread] == kBytes && thread % 2 == 0) {
    cp_async<kBytes>(image + p.target_at[thread], source);
  } else {
    cp_async_zero_fill<kBytes>(image + p.target_at[thread], source,
                               static_cast<std::uint32_t>(p.source_bytes[thread]));
  }
  cp_async_commit_group();
  cp_async_wait_group<0>();
  __syncthreads();  // all copies have landed
  for (int i = thread; i < kAsyncCopyBytes; i += kThreads) p.image[i] = image[i];
}

// Fills shared memory, hands it to the asynchronous proxy, and initialises `full`.
__device__ inline void prepare(unsigned char* image, const unsigned char* contents,
                               Mbarrier* full) {
  const int thread = static_cast<int>(threadIdx.x);
  for (int i = thread; i < kImageBytes; i += kThreads) {
    image[i] = contents != nullptr ? contents[i] : kFill;
  }
  if (thread == 0) {
    mbarrier_init(full, 1);
    mbarrier_init_fence();
  }
  fence_proxy_async_shared();
  __syncthreads();  // image is filled, full is initialised
}

__device__ inline void write_out(const unsigned char* image, unsigned char* to) {
  for (int i = static_cast<int>(threadIdx.x); i < kImageBytes; i += kThreads) to[i] = image[i];
}

__global__ void bulk_copies(BulkCopyParams p) {
  SIMT_DYN_SHARED(image);
  SIMT_SHARED(Mbarrier, full);
  prepare(image, nullptr, &full);
  if (threadIdx.x == 0) {
    mbarrier_arrive_expect_tx(&full, static_cast<std::uint32_t>(p.load_bytes));
    bulk_load(image + p.load_at, p.source + p.source_at, static_cast<std::uint32_t>(p.load_bytes),
              &full);
  }
  mbarrier_wait(&full, 0);
  write_out(image, p.image);
  if (threadIdx.x == 0) {
    bulk_store(p.target + p.target_at, image + p.store_at,
               static_cast<std::uint32_t>(p.store_bytes));
    bulk_commit_group();
    bulk_wait_group<0>();
  }
}

__global__ void tensor_copies(const __grid_constant__ TensorMap map, TensorCopyParams p) {
  SIMT_DYN_SHARED(image);
  SIMT_SHARED(Mbarrier, full);
  prepare(image, p.stores ? p.image : nullptr, &full);
  const auto& c = p.coordinates;
  unsigned char* const box = image + p.image_at;
  if (p.stores) {
    if (threadIdx.x != 0) return;
    if (p.rank == 2) tensor_store(map, c[0], c[1], box);
    if (p.rank == 3) tensor_store(map, c[0], c[1], c[2], box);
    if (p.rank == 4) tensor_store(map, c[0], c[1], c[2], c[3], box);
    bulk_commit_group();
    bulk_wait_group<0>();
    return;
  }
  if (threadIdx.x == 0) {
    prefetch_tensor_map(map);
    mbarrier_arrive_expect_tx(&full, p.box_bytes);
    if (p.rank == 2) tensor_load(box, map, c[0], c[1], &full);
    if (p.rank == 3) tensor_load(box, map, c[0], c[1], c[2], &full);
    if (p.rank == 4) tensor_load(box, map, c[0], c[1], c[2], c[3], &full);
  }
  mbarrier_wait(&full, 0);
  write_out(image, p.image);
}

}  // namespace

void run_async_copy(const AsyncCopyParams& p, Stream stream) {
  auto* kernel = p.bytes == 4 ? async_copies<4> : p.bytes == 8 ? async_copies<8> : async_copies<16>;
  simt::launch(kernel, 1, kThreads, 0, stream, p);
}

void run_bulk_copy(const BulkCopyParams& p, Stream stream) {
  simt::launch(bulk_copies, 1, kThreads, kImageBytes, stream, p);
}

void run_tensor_copy(const TensorCopyParams& p, Stream stream) {
  const TensorElement element = p.element == TensorElementKind::kBf16   ? TensorElement::kBf16
                                : p.element == TensorElementKind::kFp16 ? TensorElement::kFp16
                                                                        : TensorElement::kFp32;
  const TensorMap map = make_tensor_map({p.tensor, element, p.rank, p.size, p.stride_bytes, p.box,
                                         static_cast<Swizzle>(p.swizzle_bytes)});
  simt::launch(tensor_copies, 1, kThreads, kImageBytes, stream, map, p);
}

}  // namespace packproof::PACKPROOF_KERNELS
