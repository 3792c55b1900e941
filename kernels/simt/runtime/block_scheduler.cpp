#include "kernels/simt/runtime/block_scheduler.h"

#include "kernels/simt/block/fatal.h"
#include "kernels/simt/race/race_detector.h"
#include "kernels/simt/runtime/block_scheduler_switch.h"

constinit thread_local uint3 threadIdx{0, 0, 0};
constinit thread_local uint3 blockIdx{0, 0, 0};
constinit thread_local dim3 blockDim;
constinit thread_local dim3 gridDim;

namespace packproof::simt::detail {

constinit thread_local bool in_runtime = false;
constinit thread_local uint32_t current_lane = 0;
constinit thread_local uint64_t block_serial = 0;

BlockScheduler::BlockScheduler() = default;
BlockScheduler::~BlockScheduler() = default;

void BlockScheduler::begin_launch(const GridLaunch& launch, const Options& options) {
  launch_ = &launch;
  schedule_ = options.schedule;
  draws_at_random_ = schedule_ == Schedule::kRandom;
  seed_ = options.seed;
  launch_ended_ = false;
  thread_count_ = launch.block.x * launch.block.y * launch.block.z;
  stacks_.reserve(thread_count_);
  if (fibers_.size() < thread_count_) fibers_.resize(thread_count_);
  for (uint32_t thread = 0; thread < thread_count_; ++thread) {
    Fiber& fiber = fibers_[thread];
    fiber.scheduler = this;
    fiber.thread = thread;
    fiber.thread_index = coordinates(thread, launch.block);
    prepare_fiber(fiber.context, stacks_.bottom(thread), stacks_.top(thread), fiber_main, &fiber);
  }
  blockDim = launch.block;
  gridDim = launch.grid.blocks;
  current_block = this;
  detector_in_use_ = nullptr;
  if (!launch.reports_races) return;
  if (!detector_) detector_ = std::make_unique<RaceDetector>(*this);
  detector_in_use_ = detector_.get();
  detector_->begin_launch(thread_count_);
}

void BlockScheduler::run_block(uint64_t block) {
  ++block_serial;
  blockIdx = coordinates(block, launch_->grid.blocks);
  random_ = ScheduleRandom(seed_, block);
  draw_accesses_until_switch();
  arena_.begin_block(launch_->dynamic_shared_bytes);
  if (detector_in_use_ != nullptr) detector_in_use_->begin_block(block);
  barrier_ = {};
  async_.begin_block(thread_count_);
  alive_threads_ = thread_count_;
  runnable_warps_ = 0;
  current_warp_ = 0;
  for (uint32_t first = 0; first < thread_count_; first += kLanes) {
    Warp& warp = warps_[first / kLanes];
    const uint32_t lanes = thread_count_ - first;
    warp.alive = lanes >= kLanes ? kFullMask : (1u << lanes) - 1;
    warp.at_barrier = 0;
    warp.in_meetings = 0;
    warp.runnable = 0;
    wake(warp, first / kLanes, warp.alive);
  }
  Fiber* first = choose_next();
  switch_fiber(main_, first->context);

  async_.end_block();
  if (const SharedArena::Piece* piece = arena_.damaged()) {
    fatal("block (%u,%u,%u) wrote past the bounds of %s%s%s:%d; the kernel was launched at %s:%d",
          blockIdx.x, blockIdx.y, blockIdx.z, piece->name, piece->site.line != 0 ? " at " : "",
          piece->site.file, piece->site.line, launch_->grid.site.file, launch_->grid.site.line);
  }
}

void BlockScheduler::end_launch() {
  launch_ended_ = true;
  for (uint32_t thread = 0; thread < thread_count_; ++thread) {
    switch_fiber(main_, fibers_[thread].context);
  }
  if (detector_in_use_ != nullptr) detector_in_use_->end_launch();
  detector_in_use_ = nullptr;
  running_ = nullptr;
  current_block = nullptr;
}

// Uses no thread_local: between launches, a scheduler may move to another OS thread.
void BlockScheduler::fiber_main(void* argument) {
  Fiber& fiber = *static_cast<Fiber*>(argument);
  BlockScheduler& scheduler = *fiber.scheduler;
  while (!scheduler.launch_ended_) {
    scheduler.launch_->run_thread(scheduler.launch_->call);
    scheduler.finish_thread();  // returns in the next block
  }
  leave_fiber(fiber.context, scheduler.main_);
}

void BlockScheduler::finish_thread() {
  const uint32_t warp_index = current_warp_;
  Warp& warp = warps_[warp_index];
  block_running(nullptr, {}, 0);
  warp.alive &= ~running_bit_;
  --alive_threads_;
  // Those who waited only for this thread go on.
  end_barrier_if_complete();
  async_.lane_has_exited(warp_index);
  for (uint32_t rest = warp.in_meetings; rest != 0;) {
    WarpMeeting& meeting = warp.meetings[static_cast<uint32_t>(__builtin_ctz(rest))];
    rest &= ~meeting.mask;
    const bool waited_for_this = (meeting.mask & running_bit_) != 0;
    if (waited_for_this && meeting.is_complete(warp.alive)) end_meeting(warp, warp_index, meeting);
  }
  run_next();
}

void BlockScheduler::yield() {
  // A thread that spins would otherwise keep the copies that it waits for from ever completing.
  async_.pending.advance_one();
  current_warp_ = (current_warp_ + 1) % kLanes;
  run_next();
}

void BlockScheduler::wait_in(WaitQueue& queue, const WaitPoint& point) {
  block_running(point.instruction, point.site, 0);
  running_->describe_wait = point.describe;
  running_->wait_object = point.object;
  queue.threads.push_back(running_->thread);
  run_next();
}

void BlockScheduler::wake_all(WaitQueue& queue) {
  for (const uint32_t thread : queue.threads) {
    const Fiber& fiber = fibers_[thread];
    wake(warps_[fiber.warp()], fiber.warp(), fiber.lane_bit());
  }
  queue.threads.clear();
}

}  // namespace packproof::simt::detail
