// __syncthreads and its variants on the host. Host only.
// As on the device, threads that have exited do not count. Stricter than the device: all
// threads must arrive from one source line.
#pragma once

#include "kernels/simt/api/runtime_calls.h"

inline void __syncthreads(packproof::simt::SourceSite site = packproof::simt::SourceSite::here()) {
  packproof::simt::detail::wait_at_block_barrier("__syncthreads", false, site);
}

inline int __syncthreads_count(
    int predicate, packproof::simt::SourceSite site = packproof::simt::SourceSite::here()) {
  return static_cast<int>(
      packproof::simt::detail::wait_at_block_barrier("__syncthreads_count", predicate != 0, site)
          .with_predicate);
}

inline int __syncthreads_and(
    int predicate, packproof::simt::SourceSite site = packproof::simt::SourceSite::here()) {
  const auto tally =
      packproof::simt::detail::wait_at_block_barrier("__syncthreads_and", predicate != 0, site);
  return tally.with_predicate == tally.arrived;
}

inline int __syncthreads_or(
    int predicate, packproof::simt::SourceSite site = packproof::simt::SourceSite::here()) {
  return packproof::simt::detail::wait_at_block_barrier("__syncthreads_or", predicate != 0, site)
             .with_predicate != 0;
}
