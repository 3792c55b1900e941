// Order by fences and atomics, within a block and between blocks. Compiled under the race detector.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "kernels/simt/api/simt.h"
#include "kernels/simt/runtime/options.h"

namespace packproof {
namespace {

constexpr int kBlocks = 5;
constexpr int kThreads = 64;

enum class Fence { kNone, kBlock, kDevice };

template <Fence kFence>
__device__ void fence() {
  if constexpr (kFence == Fence::kBlock) __threadfence_block();
  if constexpr (kFence == Fence::kDevice) __threadfence();
}

// The last block to finish adds up what all have written.
template <Fence kRelease, Fence kAcquire>
__global__ void last_block_adds(int* partial, int* tickets, int* total) {
  SIMT_SHARED(int, is_last);
  partial[blockIdx.x * kThreads + threadIdx.x] = 1;
  __syncthreads();  // the block's partial values are written
  if (threadIdx.x == 0) {
    fence<kRelease>();
    is_last = atomicAdd(tickets, 1) == static_cast<int>(gridDim.x) - 1;
    fence<kAcquire>();
  }
  __syncthreads();  // is_last is known
  if (is_last != 0 && threadIdx.x == 7) {
    int sum = 0;
    for (int i = 0; i < static_cast<int>(gridDim.x) * kThreads; ++i) sum += partial[i];
    *total = sum;
  }
}

template <Fence kRelease, Fence kAcquire>
int total_of_blocks() {
  std::vector<int> partial(kBlocks * kThreads);
  int tickets = 0;
  int total = 0;
  simt::launch(last_block_adds<kRelease, kAcquire>, kBlocks, kThreads, 0, nullptr, partial.data(),
               &tickets, &total);
  return total;
}

// Catches: order by fence and atomic that is not seen, or is lost at a barrier.
TEST(FenceOrder, LastBlockReadsAllOthers) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    simt::set_options({.schedule = simt::Schedule::kRandom, .seed = seed});
    EXPECT_EQ((total_of_blocks<Fence::kDevice, Fence::kDevice>()), kBlocks * kThreads);
  }
  simt::set_options({});
}

// Catches: an atomic taken for a fence; a fence of the block taken for one of the device.
TEST(FenceOrder, BothFencesMustStandAndReachTheDevice) {
  const char* expected =
      "data race on [0-9]+ bytes of global memory: read by thread \\(7,0,0\\) of block";
  EXPECT_DEATH((total_of_blocks<Fence::kNone, Fence::kDevice>()), expected);
  EXPECT_DEATH((total_of_blocks<Fence::kDevice, Fence::kNone>()), expected);
  EXPECT_DEATH((total_of_blocks<Fence::kBlock, Fence::kDevice>()), expected);
  EXPECT_DEATH((total_of_blocks<Fence::kDevice, Fence::kBlock>()), expected);
}

template <bool kHasFence>
__global__ void pass_by_volatile_flag(int* result) {
  SIMT_SHARED(int, data);
  SIMT_SHARED(int, flag_storage);
  volatile int* flag = &flag_storage;
  if (threadIdx.x == 0) *flag = 0;
  __syncthreads();  // the flag is 0
  if (threadIdx.x == 0) {
    data = 42;
    if constexpr (kHasFence) __threadfence_block();
    *flag = 1;
  } else if (threadIdx.x == 33) {
    while (*flag == 0) __nanosleep(10);
    if constexpr (kHasFence) __threadfence_block();
    *result = data;
  }
}

// Catches: polling on a volatile flag reported as a race, or taken for order by itself.
TEST(FenceOrder, VolatileFlagWithinABlock) {
  int result = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    simt::set_options({.schedule = simt::Schedule::kRandom, .seed = seed});
    simt::launch(pass_by_volatile_flag<true>, 1, kThreads, 0, nullptr, &result);
    EXPECT_EQ(result, 42);
  }
  simt::set_options({});
  EXPECT_DEATH(simt::launch(pass_by_volatile_flag<false>, 1, kThreads, 0, nullptr, &result),
               "data race on 4 bytes of data from byte 0: read by thread \\(33,0,0\\)");
}

// Each block adds its own to what the block before it, by ticket, has left, and reads the first
// one's too, of which it hears by those between.
__global__ void chained_sums(int* ticket, int* sums, int* flags) {
  SIMT_SHARED(int, place);
  if (threadIdx.x == 0) place = atomicAdd(ticket, 1);
  __syncthreads();  // place is known
  const int own = place;
  if (threadIdx.x == 0) {
    int before = 0;
    if (own > 0) {
      while (atomicAdd(flags + own - 1, 0) == 0) __nanosleep(20);
      __threadfence();
      before = sums[own - 1] + sums[0] - 1;
    }
    sums[own] = before + 1;
    __threadfence();
    atomicExch(flags + own, 1);
  }
}

// Catches: what one block passes on lost when the next passes it on again.
TEST(FenceOrder, SinglePassScan) {
  constexpr int kLength = 40;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    simt::set_options({.schedule = simt::Schedule::kRandom, .seed = seed});
    std::array<int, kLength> sums{};
    std::array<int, kLength> flags{};
    int ticket = 0;
    simt::launch(chained_sums, kLength, 32, 0, nullptr, &ticket, sums.data(), flags.data());
    EXPECT_EQ(sums[kLength - 1], kLength);
  }
  simt::set_options({});
}

__device__ int read_acquire(int* flag) { return __atomic_load_n(flag, __ATOMIC_ACQUIRE); }
__device__ void write_release(int* flag) { __atomic_store_n(flag, 1, __ATOMIC_RELEASE); }

__global__ void release_and_acquire(int* result) {
  SIMT_SHARED(int, data);
  SIMT_SHARED(int, flag);
  if (threadIdx.x == 0) flag = 0;
  __syncthreads();  // the flag is 0
  if (threadIdx.x == 0) {
    data = 42;
    write_release(&flag);
  } else if (threadIdx.x == 40) {
    while (read_acquire(&flag) == 0) __nanosleep(10);
    *result = data;
  }
}

// Catches: the order of an atomic access itself, as of ld.acquire and st.release, not heard.
TEST(FenceOrder, OrderOfAnAtomicItself) {
  int result = 0;
  simt::launch(release_and_acquire, 1, kThreads, 0, nullptr, &result);
  EXPECT_EQ(result, 42);
}

}  // namespace
}  // namespace packproof
