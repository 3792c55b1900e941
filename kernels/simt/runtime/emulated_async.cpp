#include "kernels/simt/async/emulated_async.h"

#include "kernels/simt/runtime/block_scheduler.h"

namespace packproof::simt::detail {
namespace {

TensorBox linear_box(const void* global, uint32_t bytes, const char* instruction,
                     const SourceSite& site) {
  if (bytes == 0 || bytes % 16 != 0) {
    fail_thread(site, "%s of %u bytes; it moves a multiple of 16", instruction, bytes);
  }
  if (reinterpret_cast<uintptr_t>(global) % 16 != 0) {
    fail_thread(site, "%s of a global address that is not a multiple of 16 bytes", instruction);
  }
  return {const_cast<void*>(global), bytes};
}

TensorBox tensor_box(const HostTensorMap& map, int rank, const TensorCoordinates& coordinates,
                     const char* instruction, const SourceSite& site) {
  if (map.mark != HostTensorMap::kMark)
    fail_thread(site, "%s by what is no tensor map", instruction);
  if (map.rank != rank) {
    fail_thread(site, "%s with %d coordinates by a tensor map of rank %d", instruction, rank,
                map.rank);
  }
  // Seen on sm_90, and not in the manual: the device stops with an illegal instruction.
  if (coordinates[0] * map.element_bytes % 16 != 0) {
    fail_thread(site,
                "%s with innermost coordinate %d, %d bytes; it must be a multiple of 16 bytes",
                instruction, coordinates[0], coordinates[0] * map.element_bytes);
  }
  return {map, coordinates};
}

// Where the swizzle's pattern begins: the device takes any multiple of 128 but then swizzles by
// the address, which no reader of the tile expects.
size_t shared_alignment(const HostTensorMap& map) {
  return map.swizzle_bytes == 0 ? 128 : size_t{8} * map.swizzle_bytes;
}

// Seen on sm_90, and not in the manual: a store writes whole granules of 16 bytes, so that a row of
// the tensor which ends within one is written on to the granule's end.
HostTensorMap in_whole_granules(HostTensorMap map) {
  if (map.mark != HostTensorMap::kMark) return map;
  const uint64_t row_bytes = map.size[0] * map.element_bytes;
  map.size[0] = (row_bytes + 15) / 16 * 16 / map.element_bytes;
  return map;
}

}  // namespace

void issue_async_copy(void* target, const void* source, size_t bytes, size_t source_bytes,
                      const SourceSite& site) {
  AsyncCall("cp.async", site)->copies.issue(target, source, bytes, source_bytes, site);
}

void commit_async_copies(const SourceSite& site) {
  AsyncCall("cp.async.commit_group", site)->copies.commit_group();
}

void wait_for_async_copies(uint32_t pending_groups, const SourceSite& site) {
  AsyncCall("cp.async.wait_group", site)->copies.wait_group(pending_groups);
}

void wait_for_all_async_copies(const SourceSite& site) {
  AsyncCall("cp.async.wait_all", site)->copies.wait_all();
}

void arrive_after_async_copies(void* mbarrier, const SourceSite& site) {
  AsyncCall("cp.async.mbarrier.arrive", site)->copies.arrive_when_landed(mbarrier, site);
}

void init_mbarrier(void* mbarrier, uint32_t arrivals, const SourceSite& site) {
  AsyncCall("mbarrier.init", site)->mbarriers.init(mbarrier, arrivals, site);
}

void invalidate_mbarrier(void* mbarrier, const SourceSite& site) {
  AsyncCall("mbarrier.inval", site)->mbarriers.invalidate(mbarrier, site);
}

void arrive_at_mbarrier(void* mbarrier, uint32_t count, const SourceSite& site) {
  AsyncCall("mbarrier.arrive", site)->mbarriers.arrive(mbarrier, count, site);
}

void expect_mbarrier_bytes(void* mbarrier, uint32_t bytes, const SourceSite& site) {
  AsyncCall("mbarrier.expect_tx", site)->mbarriers.expect_bytes(mbarrier, bytes, site);
}

void arrive_and_expect_mbarrier_bytes(void* mbarrier, uint32_t bytes, const SourceSite& site) {
  AsyncCall("mbarrier.arrive.expect_tx", site)
      ->mbarriers.arrive_expect_bytes(mbarrier, bytes, site);
}

void complete_mbarrier_bytes(void* mbarrier, uint32_t bytes, const SourceSite& site) {
  AsyncCall("mbarrier.complete_tx", site)->mbarriers.complete_bytes(mbarrier, bytes, site);
}

bool test_mbarrier(void* mbarrier, uint32_t parity, const SourceSite& site) {
  return AsyncCall("mbarrier.test_wait", site)->mbarriers.test_wait(mbarrier, parity, site);
}

bool try_wait_for_mbarrier(void* mbarrier, uint32_t parity, const SourceSite& site) {
  return AsyncCall("mbarrier.try_wait", site)->mbarriers.try_wait(mbarrier, parity, site);
}

void wait_for_mbarrier(void* mbarrier, uint32_t parity, const SourceSite& site) {
  AsyncCall("mbarrier.try_wait", site)->mbarriers.wait(mbarrier, parity, site);
}

void issue_bulk_load(void* shared, const void* global, uint32_t bytes, void* mbarrier,
                     const SourceSite& site) {
  const BulkRules rules{"cp.async.bulk", 16};
  AsyncCall(rules.instruction, site)
      ->bulk_copies.load(shared, linear_box(global, bytes, rules.instruction, site), mbarrier,
                         rules, site);
}

void issue_bulk_store(void* global, const void* shared, uint32_t bytes, const SourceSite& site) {
  const BulkRules rules{"cp.async.bulk", 16};
  AsyncCall(rules.instruction, site)
      ->bulk_copies.store(shared, linear_box(global, bytes, rules.instruction, site), rules, site);
}

void issue_tensor_load(void* shared, const HostTensorMap& map, int rank,
                       const TensorCoordinates& coordinates, void* mbarrier,
                       const SourceSite& site) {
  const BulkRules rules{"cp.async.bulk.tensor", shared_alignment(map)};
  AsyncCall(rules.instruction, site)
      ->bulk_copies.load(shared, tensor_box(map, rank, coordinates, rules.instruction, site),
                         mbarrier, rules, site);
}

void issue_tensor_store(const HostTensorMap& map, int rank, const TensorCoordinates& coordinates,
                        const void* shared, const SourceSite& site) {
  const BulkRules rules{"cp.async.bulk.tensor", shared_alignment(map)};
  // Seen on sm_90, as above: a store may reach beyond the tensor's end, but not begin before it.
  for (int i = 0; i < rank; ++i) {
    if (coordinates[static_cast<size_t>(i)] < 0) {
      fail_thread(site,
                  "%s store with coordinate %d of dimension %d (0 is innermost); it may not be "
                  "below 0",
                  rules.instruction, coordinates[static_cast<size_t>(i)], i);
    }
  }
  AsyncCall(rules.instruction, site)
      ->bulk_copies.store(
          shared, tensor_box(in_whole_granules(map), rank, coordinates, rules.instruction, site),
          rules, site);
}

void commit_bulk_stores(const SourceSite& site) {
  AsyncCall("cp.async.bulk.commit_group", site)->bulk_copies.commit_group();
}

void wait_until_bulk_stores_are_read(uint32_t pending_groups, const SourceSite& site) {
  AsyncCall("cp.async.bulk.wait_group.read", site)
      ->bulk_copies.wait_group(pending_groups, BulkCopies::Until::kRead, site);
}

void wait_until_bulk_stores_are_written(uint32_t pending_groups, const SourceSite& site) {
  AsyncCall("cp.async.bulk.wait_group", site)
      ->bulk_copies.wait_group(pending_groups, BulkCopies::Until::kWritten, site);
}

void wait_at_named_barrier(uint32_t id, uint32_t threads, const SourceSite& site) {
  AsyncCall("bar.sync", site)->named_barriers.sync(id, threads, site);
}

void arrive_at_named_barrier(uint32_t id, uint32_t threads, const SourceSite& site) {
  AsyncCall("bar.arrive", site)->named_barriers.arrive(id, threads, site);
}

void fence_async_proxy(const SourceSite& site) {
  // Which threads' inits it covers depends on what this thread has synchronised with.
  AsyncCall("fence.proxy.async", site)->mbarriers.fence_all();
  note_proxy_fence();
}

void fence_mbarrier_inits(const SourceSite& site) {
  AsyncCall("fence.mbarrier_init", site)->mbarriers.fence_own();
}

}  // namespace packproof::simt::detail
