// cp.async.bulk.tensor: boxes of a tensor between global and shared memory, issued by one thread
// (PTX ISA, "Tensor copy": cp.async.bulk.tensor, mode tile). Groups of stores and their waits are
// in bulk_copy.cuh, whose notes on the asynchronous proxy hold here.
//
// Coordinates are of the box's first element, in elements, innermost first, and may lie outside
// the tensor: of a load on any side, of a store only beyond its end, as no coordinate may be
// negative. A store writes whole 16 bytes: a row of the tensor that ends within them is overrun to
// their end. The innermost one must be a multiple of 16 bytes. (A device stops with an illegal
// instruction otherwise. The manual says none of it.) Shared memory holds the box row by
// row, swizzled; it starts at a multiple of 128 bytes, with a swizzle at one of 256, 512 or 1024.
//
// A load completes the bytes of the whole box at `mbarrier`, be they in the tensor or zeros.
#pragma once

#include <cstdint>

#include "kernels/device/instructions/mbarrier.cuh"
#include "kernels/device/instructions/tensor_map.cuh"
#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#include "kernels/device/instructions/shared_address.cuh"
#else
#include "kernels/simt/async/emulated_async.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

__device__ inline void tensor_load(void* shared, const TensorMap& map, std::int32_t c0,
                                   std::int32_t c1, Mbarrier* mbarrier SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes"
      " [%0], [%1, {%3, %4}], [%2];" ::"r"(shared_address(shared)),
      "l"(&map), "r"(shared_address(mbarrier)), "r"(c0), "r"(c1)
      : "memory");
#else
  simt::detail::issue_tensor_load(shared, map, 2, {c0, c1}, mbarrier, site);
#endif
}

__device__ inline void tensor_load(void* shared, const TensorMap& map, std::int32_t c0,
                                   std::int32_t c1, std::int32_t c2,
                                   Mbarrier* mbarrier SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes"
      " [%0], [%1, {%3, %4, %5}], [%2];" ::"r"(shared_address(shared)),
      "l"(&map), "r"(shared_address(mbarrier)), "r"(c0), "r"(c1), "r"(c2)
      : "memory");
#else
  simt::detail::issue_tensor_load(shared, map, 3, {c0, c1, c2}, mbarrier, site);
#endif
}

__device__ inline void tensor_load(void* shared, const TensorMap& map, std::int32_t c0,
                                   std::int32_t c1, std::int32_t c2, std::int32_t c3,
                                   Mbarrier* mbarrier SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "cp.async.bulk.tensor.4d.shared::cluster.global.tile.mbarrier::complete_tx::bytes"
      " [%0], [%1, {%3, %4, %5, %6}], [%2];" ::"r"(shared_address(shared)),
      "l"(&map), "r"(shared_address(mbarrier)), "r"(c0), "r"(c1), "r"(c2), "r"(c3)
      : "memory");
#else
  simt::detail::issue_tensor_load(shared, map, 4, {c0, c1, c2, c3}, mbarrier, site);
#endif
}

// Stores belong to the thread's current group of bulk stores.
__device__ inline void tensor_store(const TensorMap& map, std::int32_t c0, std::int32_t c1,
                                    const void* shared SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "cp.async.bulk.tensor.2d.global.shared::cta.tile.bulk_group [%0, {%2, %3}], [%1];" ::"l"(
          &map),
      "r"(shared_address(shared)), "r"(c0), "r"(c1)
      : "memory");
#else
  simt::detail::issue_tensor_store(map, 2, {c0, c1}, shared, site);
#endif
}

__device__ inline void tensor_store(const TensorMap& map, std::int32_t c0, std::int32_t c1,
                                    std::int32_t c2, const void* shared SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "cp.async.bulk.tensor.3d.global.shared::cta.tile.bulk_group [%0, {%2, %3, %4}], [%1];" ::"l"(
          &map),
      "r"(shared_address(shared)), "r"(c0), "r"(c1), "r"(c2)
      : "memory");
#else
  simt::detail::issue_tensor_store(map, 3, {c0, c1, c2}, shared, site);
#endif
}

__device__ inline void tensor_store(const TensorMap& map, std::int32_t c0, std::int32_t c1,
                                    std::int32_t c2, std::int32_t c3,
                                    const void* shared SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "cp.async.bulk.tensor.4d.global.shared::cta.tile.bulk_group [%0, {%2, %3, %4, %5}], [%1];" ::
          "l"(&map),
      "r"(shared_address(shared)), "r"(c0), "r"(c1), "r"(c2), "r"(c3)
      : "memory");
#else
  simt::detail::issue_tensor_store(map, 4, {c0, c1, c2, c3}, shared, site);
#endif
}

// Brings the map itself near, before its first use.
__device__ inline void prefetch_tensor_map([[maybe_unused]] const TensorMap& map) {
#ifdef __CUDACC__
  asm volatile("prefetch.tensormap [%0];" ::"l"(&map) : "memory");
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
