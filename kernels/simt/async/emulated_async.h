// The asynchronous instructions and barriers, emulated for the running thread. For the wrappers in
// kernels/device, which say what each does; host only. A fault ends the process with `site`.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simt/api/source_site.h"
#include "kernels/simt/api/tensor_box.h"

namespace packproof::simt::detail {

// cp.async: lands at the thread's wait.
void issue_async_copy(void* target, const void* source, size_t bytes, size_t source_bytes,
                      const SourceSite& site);
void commit_async_copies(const SourceSite& site);
void wait_for_async_copies(uint32_t pending_groups, const SourceSite& site);
void wait_for_all_async_copies(const SourceSite& site);
void arrive_after_async_copies(void* mbarrier, const SourceSite& site);

// mbarrier: an opaque object of 8 bytes in shared memory.
void init_mbarrier(void* mbarrier, uint32_t arrivals, const SourceSite& site);
void invalidate_mbarrier(void* mbarrier, const SourceSite& site);
void arrive_at_mbarrier(void* mbarrier, uint32_t count, const SourceSite& site);
void expect_mbarrier_bytes(void* mbarrier, uint32_t bytes, const SourceSite& site);
void arrive_and_expect_mbarrier_bytes(void* mbarrier, uint32_t bytes, const SourceSite& site);
void complete_mbarrier_bytes(void* mbarrier, uint32_t bytes, const SourceSite& site);
bool test_mbarrier(void* mbarrier, uint32_t parity, const SourceSite& site);
bool try_wait_for_mbarrier(void* mbarrier, uint32_t parity, const SourceSite& site);
void wait_for_mbarrier(void* mbarrier, uint32_t parity, const SourceSite& site);

// cp.async.bulk and cp.async.bulk.tensor. Coordinates beyond the map's rank are not used, and
// `rank` must be the map's.
void issue_bulk_load(void* shared, const void* global, uint32_t bytes, void* mbarrier,
                     const SourceSite& site);
void issue_bulk_store(void* global, const void* shared, uint32_t bytes, const SourceSite& site);
using TensorCoordinates = std::array<int32_t, kMaxTensorRank>;
void issue_tensor_load(void* shared, const HostTensorMap& map, int rank,
                       const TensorCoordinates& coordinates, void* mbarrier,
                       const SourceSite& site);
void issue_tensor_store(const HostTensorMap& map, int rank, const TensorCoordinates& coordinates,
                        const void* shared, const SourceSite& site);
void commit_bulk_stores(const SourceSite& site);
void wait_until_bulk_stores_are_read(uint32_t pending_groups, const SourceSite& site);
void wait_until_bulk_stores_are_written(uint32_t pending_groups, const SourceSite& site);

// bar.sync and bar.arrive of `threads` threads.
void wait_at_named_barrier(uint32_t id, uint32_t threads, const SourceSite& site);
void arrive_at_named_barrier(uint32_t id, uint32_t threads, const SourceSite& site);

// fence.proxy.async, and fence.mbarrier_init.
void fence_async_proxy(const SourceSite& site);
void fence_mbarrier_inits(const SourceSite& site);

}  // namespace packproof::simt::detail
