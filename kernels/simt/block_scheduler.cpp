#include "kernels/simt/block_scheduler.h"

#include "kernels/simt/fatal.h"
#include "kernels/simt/thread_coordinates.h"
#include "kernels/simt/wait_report.h"

constinit thread_local uint3 threadIdx{0, 0, 0};
constinit thread_local uint3 blockIdx{0, 0, 0};
constinit thread_local dim3 blockDim;
constinit thread_local dim3 gridDim;

namespace packproof::simt::detail {

constinit thread_local uint32_t current_lane = 0;
constinit thread_local uint64_t block_serial = 0;

namespace {

constinit thread_local BlockScheduler* current_scheduler = nullptr;

// The first set bit at or after position `start`, cyclic. `bits` is not 0.
uint32_t set_bit_from(uint32_t bits, uint32_t start) {
  const uint32_t later = bits & kFullMask << start;
  return static_cast<uint32_t>(__builtin_ctz(later != 0 ? later : bits));
}

uint3 coordinates(uint64_t linear, dim3 extent) {
  return {static_cast<unsigned>(linear % extent.x),
          static_cast<unsigned>(linear / extent.x % extent.y),
          static_cast<unsigned>(linear / extent.x / extent.y)};
}

}  // namespace

BlockScheduler* BlockScheduler::current() { return current_scheduler; }

void BlockScheduler::begin_launch(const GridLaunch& launch, const Options& options) {
  launch_ = &launch;
  schedule_ = options.schedule;
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
  current_scheduler = this;
}

void BlockScheduler::run_block(uint64_t block) {
  ++block_serial;
  blockIdx = coordinates(block, launch_->grid.blocks);
  random_ = ScheduleRandom(seed_, block);
  arena_.begin_block(launch_->dynamic_shared_bytes);
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
  running_ = nullptr;
  current_scheduler = nullptr;
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
  Fiber& fiber = *running_;
  const uint32_t warp_index = fiber.warp();
  Warp& warp = warps_[warp_index];
  block_running(nullptr, {}, 0);
  warp.alive &= ~fiber.lane_bit();
  --alive_threads_;
  // Those who waited only for this thread go on.
  end_barrier_if_complete();
  async_.lane_has_exited(warp_index);
  for (uint32_t rest = warp.in_meetings; rest != 0;) {
    WarpMeeting& meeting = warp.meetings[static_cast<uint32_t>(__builtin_ctz(rest))];
    rest &= ~meeting.mask;
    if ((meeting.mask & fiber.lane_bit()) != 0) {
      end_meeting_if_complete(warp, warp_index, meeting);
    }
  }
  run_next();
}

Fiber* BlockScheduler::choose_next() {
  while (runnable_warps_ == 0) {
    if (alive_threads_ == 0) return nullptr;
    if (!async_.advance_one()) report_deadlock(*this);
  }
  uint32_t lane_start = 0;
  if (schedule_ == Schedule::kRandom) {
    const uint64_t bits = random_.next();
    // Mostly stay in the warp: long runs of one warp, and short ones, both find races.
    constexpr uint64_t kOneInFour = 3;
    if ((bits & kOneInFour) == 0) current_warp_ = static_cast<uint32_t>(bits >> 8) % kLanes;
    lane_start = static_cast<uint32_t>(bits >> 16) % kLanes;
    if ((bits >> 24 & kOneInFour) == 0) async_.advance_an_eager_one();
  }
  current_warp_ = set_bit_from(runnable_warps_, current_warp_);
  const uint32_t lane = set_bit_from(warps_[current_warp_].runnable, lane_start);
  running_ = &fibers_[current_warp_ * kLanes + lane];
  threadIdx = running_->thread_index;
  current_lane = lane;
  return running_;
}

void BlockScheduler::run_next() {
  Fiber* self = running_;
  Fiber* next = choose_next();
  if (next == self) return;
  switch_fiber(self->context, next != nullptr ? next->context : main_);
}

void BlockScheduler::yield() {
  // A thread that spins would otherwise keep the copies that it waits for from ever completing.
  async_.advance_one();
  current_warp_ = (current_warp_ + 1) % kLanes;
  run_next();
}

void BlockScheduler::block_running(const char* intrinsic, const SourceSite& site, uint32_t mask) {
  Fiber& fiber = *running_;
  Warp& warp = warps_[fiber.warp()];
  warp.runnable &= ~fiber.lane_bit();
  if (warp.runnable == 0) runnable_warps_ &= ~(1u << fiber.warp());
  fiber.waits_at = intrinsic;
  fiber.site = site;
  fiber.mask = mask;
  fiber.describe_wait = nullptr;
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

void BlockScheduler::wake(Warp& warp, uint32_t warp_index, uint32_t lanes) {
  if (lanes == 0) return;
  warp.runnable |= lanes;
  runnable_warps_ |= 1u << warp_index;
}

}  // namespace packproof::simt::detail
