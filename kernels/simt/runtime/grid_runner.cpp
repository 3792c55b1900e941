// A launch: checks its shape and spreads its blocks over OS threads.
#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "kernels/simt/api/launch_host.h"
#include "kernels/simt/block/fatal.h"
#include "kernels/simt/runtime/block_scheduler.h"

namespace packproof::simt::detail {
namespace {

// The limits of sm_90 (CUDA programming guide, compute capabilities).
void check_shape(const GridLaunch& launch) {
  const SourceSite& site = launch.grid.site;
  if (const BlockScheduler* outer = BlockScheduler::current()) {
    fatal("%s:%d: a kernel launched at %s:%d launches another; that is not supported", site.file,
          site.line, outer->launch().grid.site.file, outer->launch().grid.site.line);
  }
  const dim3& block = launch.block;
  const uint64_t threads = uint64_t{block.x} * block.y * block.z;
  const bool block_fits = threads >= 1 && block.x <= kMaxBlockThreads &&
                          block.y <= kMaxBlockThreads && block.z <= 64 &&
                          threads <= kMaxBlockThreads;
  if (!block_fits) {
    fatal("%s:%d: a block of (%u,%u,%u) threads cannot run; it may have 1 to 1024, at most 64 in z",
          site.file, site.line, block.x, block.y, block.z);
  }
  const dim3& grid = launch.grid.blocks;
  if (grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535) {
    fatal("%s:%d: a grid of (%u,%u,%u) blocks cannot run; the limits are (2147483647,65535,65535)",
          site.file, site.line, grid.x, grid.y, grid.z);
  }
  if (launch.dynamic_shared_bytes > kMaxSharedBytes) {
    fatal("%s:%d: %zu bytes of dynamic shared memory; a block may have %zu", site.file, site.line,
          launch.dynamic_shared_bytes, kMaxSharedBytes);
  }
}

// Block i of the order in which blocks start: as they come, or permuted by an affine map.
class BlockOrder {
 public:
  BlockOrder(uint64_t count, const Options& options) : count_(count) {
    if (options.schedule != Schedule::kRandom) return;
    ScheduleRandom random(options.seed, ~uint64_t{0});
    first_ = random.next() % count;
    do {
      // Small, so that i * step_ cannot overflow for any grid that could finish.
      step_ = random.next() % std::min<uint64_t>(count, 1u << 16) + 1;
    } while (std::gcd(step_, count) != 1);
  }

  uint64_t operator[](uint64_t i) const { return (first_ + i * step_) % count_; }

 private:
  uint64_t count_;
  uint64_t first_ = 0;
  uint64_t step_ = 1;
};

}  // namespace

void run_grid(const GridLaunch& launch) {
  if (launch.grid.is_empty()) return;
  check_shape(launch);
  const Options options = current_options();
  const dim3& grid = launch.grid.blocks;
  const uint64_t block_count = uint64_t{grid.x} * grid.y * grid.z;
  // The race detector follows blocks one after another.
  const int os_threads = launch.reports_races ? 1 : options.os_threads;
  const size_t worker_count = std::min<uint64_t>(static_cast<uint64_t>(os_threads), block_count);

  // Kept for the next launch. Each launching thread owns its workers: without a lock, a child
  // made by fork() finds them whole, whatever other threads were doing.
  static thread_local std::vector<std::unique_ptr<BlockScheduler>> workers;
  while (workers.size() < worker_count) workers.push_back(std::make_unique<BlockScheduler>());

  const BlockOrder order(block_count, options);
  std::atomic<uint64_t> next_block{0};
  auto work = [&](BlockScheduler& worker) {
    worker.begin_launch(launch, options);
    for (uint64_t i; (i = next_block.fetch_add(1)) < block_count;) worker.run_block(order[i]);
    worker.end_launch();
  };
  std::vector<std::thread> helpers;
  for (size_t i = 1; i < worker_count; ++i) {
    helpers.emplace_back([&work, worker = workers[i].get()] { work(*worker); });
  }
  work(*workers[0]);
  for (std::thread& helper : helpers) helper.join();
}

}  // namespace packproof::simt::detail
