// What emulations tell the race detector, by an asynchronous copy that is as simple as can be.
// Compiled under the race detector. Line constants count from their own line.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "kernels/simt/api/simt.h"
#include "kernels/simt/block/memory_events.h"
#include "kernels/simt/runtime/options.h"

namespace packproof {
namespace {

using simt::SourceSite;
using simt::detail::AsyncActor;
using simt::detail::OrderToken;
using simt::detail::Proxy;

std::string at_line(int line) { return "order_token_test.cpp:" + std::to_string(line) + " in "; }

// One of a block's mbarriers, so to say.
OrderToken& token_of_test() {
  static OrderToken token;
  return token;
}

template <bool kWaits>
__global__ void wait_for_copy(int* target, int* results) {
  OrderToken& token = token_of_test();
  if (threadIdx.x == 0) {
    token.clear();
    const AsyncActor copy = simt::detail::begin_async();
    simt::detail::note_async_write(copy, target, 4 * sizeof(int), Proxy::kAsync,
                                   SourceSite::here());
    simt::detail::complete_into(copy, token);
  }
  __syncthreads();  // the copy is issued
  if (kWaits && threadIdx.x == 40) simt::detail::acquire_from(token);
  if (threadIdx.x == 40) results[0] = target[3];
}
constexpr int kCopyLine = __LINE__ - 7;

// Catches: an asynchronous write taken to be ordered by its issue; its completion not heard.
TEST(OrderToken, ReaderMustWaitForACopy) {
  std::array<int, 4> target{};
  int result = -1;
  simt::launch(wait_for_copy<true>, 1, 64, 0, nullptr, target.data(), &result);
  EXPECT_EQ(result, 0);
  EXPECT_DEATH(simt::launch(wait_for_copy<false>, 1, 64, 0, nullptr, target.data(), &result),
               "read by thread \\(40,0,0\\) of block \\(0,0,0\\) at .*" + at_line(kCopyLine + 5) +
                   "wait_for_copy<false>, after write by an asynchronous operation of block "
                   "\\(0,0,0\\) at .*" +
                   at_line(kCopyLine) + ".*wait for the operation");
}

// A stage of a pipeline: read by all, then filled again for as many rounds.
template <bool kReadersRelease>
__global__ void refill_stage(int* stage, int* results) {
  OrderToken& filled = token_of_test();
  static OrderToken emptied;
  if (threadIdx.x == 0) emptied.clear();
  for (int round = 0; round < 3; ++round) {
    if (threadIdx.x == 0) {
      simt::detail::acquire_from(emptied);
      filled.clear();
      const AsyncActor copy = simt::detail::begin_async();
      simt::detail::note_async_write(copy, stage, sizeof(int), Proxy::kAsync, SourceSite::here());
      simt::detail::complete_into(copy, filled);
    }
    // Lets the executor run thread 0 first, and orders nothing.
    (void)__shfl_sync(0xffffffffu, round, 0);
    simt::detail::acquire_from(filled);
    results[threadIdx.x] = stage[0];
    if (kReadersRelease) simt::detail::release_into(emptied);
    (void)__shfl_sync(0xffffffffu, round, 0);
  }
}

// Catches: a write into a stage that some thread may still read; an operation's slot reused while
// its order still counts.
TEST(OrderToken, StageIsRefilledAfterAllReaders) {
  int stage = 0;
  std::array<int, 32> results{};
  simt::launch(refill_stage<true>, 1, 32, 0, nullptr, &stage, results.data());
  EXPECT_DEATH(simt::launch(refill_stage<false>, 1, 32, 0, nullptr, &stage, results.data()),
               "write by an asynchronous operation .*, after read by thread .*before the operation "
               "is issued");
}

// Threads of three warps read; those of two are waited for.
__global__ void first_of_three_warps_is_not_waited_for(int* results) {
  SIMT_SHARED(int, flag);
  OrderToken& token = token_of_test();
  if (threadIdx.x == 0) {
    token.clear();
    flag = 1;
  }
  __syncthreads();  // the flag is 1
  if (threadIdx.x % 32 != 0) return;
  // The warp that came to the barrier last runs first: thread 96.
  if (threadIdx.x != 64) results[threadIdx.x] = flag;
  if (threadIdx.x < 64) simt::detail::release_into(token);
  if (threadIdx.x == 64) {
    simt::detail::acquire_from(token);
    flag = 2;
  }
}

// Catches: a detector that remembers the last reader, or the last two.
TEST(OrderToken, NoReaderIsForgotten) {
  std::array<int, 97> results{};
  EXPECT_DEATH(
      simt::launch(first_of_three_warps_is_not_waited_for, 1, 128, 0, nullptr, results.data()),
      "write by thread \\(64,0,0\\) .*, after read by thread \\(96,0,0\\)");
}

// Fills two stages at once, again and again; the copies land one after the other, with a barrier
// between, and what each did is reported only then.
__global__ void fill_two_stages(int* stages, int rounds) {
  const auto land = [&](int stage, const AsyncActor& copy) {
    OrderToken landed;
    simt::detail::note_async_write(copy, stages + stage, sizeof(int), Proxy::kGeneric,
                                   SourceSite::here());
    simt::detail::complete_into(copy, landed);
    simt::detail::acquire_from(landed);
  };
  for (int round = 0; round < rounds; ++round) {
    AsyncActor copies[2];
    if (threadIdx.x == 0) {
      for (AsyncActor& copy : copies) copy = simt::detail::begin_async();
    }
    for (int stage : {0, 1}) {
      if (threadIdx.x == 0) land(stage, copies[stage]);
      __syncthreads();  // the stage has landed
    }
  }
}

// Catches: an operation that knew another's end by a barrier forgotten when the next barrier tells
// more of the same slot.
TEST(OrderToken, LateReportsKnowWhatWasKnownAtTheIssue) {
  std::array<int, 2> stages{};
  simt::launch(fill_two_stages, 1, 64, 0, nullptr, stages.data(), 5);
}

enum class ProxyFence { kNone, kByWriters, kByIssuer, kTooEarly };

template <ProxyFence kFence>
__global__ void store_tile(int* sink) {
  SIMT_SHARED(int, tile, [64]);
  if (kFence == ProxyFence::kTooEarly) simt::detail::note_proxy_fence();
  tile[threadIdx.x] = 1;
  if (kFence == ProxyFence::kByWriters) simt::detail::note_proxy_fence();
  __syncthreads();  // the tile is complete
  if (threadIdx.x == 0) {
    if (kFence == ProxyFence::kByIssuer) simt::detail::note_proxy_fence();
    const AsyncActor store = simt::detail::begin_async();
    simt::detail::note_async_read(store, tile, sizeof(tile), Proxy::kAsync, SourceSite::here());
    simt::detail::note_async_write(store, sink, sizeof(tile), Proxy::kAsync, SourceSite::here());
  }
}
constexpr int kTileLine = __LINE__ - 10;

// Catches: a tile that the async proxy reads before it can see it; a fence before the write.
TEST(OrderToken, AsyncProxyReadsWhatWasFenced) {
  std::array<int, 64> sink{};
  simt::launch(store_tile<ProxyFence::kByWriters>, 1, 64, 0, nullptr, sink.data());
  simt::launch(store_tile<ProxyFence::kByIssuer>, 1, 64, 0, nullptr, sink.data());
  const std::string expected =
      "missing fence.proxy.async on 256 bytes of tile from byte 0: read by an asynchronous "
      "operation .*, after write by thread \\(0,0,0\\) .*" +
      at_line(kTileLine) + ".*calls fence.proxy.async before the barrier, or the issuer after it";
  EXPECT_DEATH(simt::launch(store_tile<ProxyFence::kNone>, 1, 64, 0, nullptr, sink.data()),
               expected);
  EXPECT_DEATH(simt::launch(store_tile<ProxyFence::kTooEarly>, 1, 64, 0, nullptr, sink.data()),
               expected);
}

// Warps that pass a value on by a token, with no barrier of the block.
template <bool kAcquires>
__global__ void pass_between_warps(int* result) {
  SIMT_SHARED(int, value);
  OrderToken& token = token_of_test();
  if (threadIdx.x == 3) {
    token.clear();
    value = 5;
    simt::detail::release_into(token);
  }
  if (threadIdx.x == 35) {
    if (kAcquires) simt::detail::acquire_from(token);
    *result = value;
  }
}

// Catches: order between two threads that is not exactly theirs.
TEST(OrderToken, ReleaseAndAcquire) {
  int result = 0;
  simt::launch(pass_between_warps<true>, 1, 64, 0, nullptr, &result);
  EXPECT_EQ(result, 5);
  EXPECT_DEATH(simt::launch(pass_between_warps<false>, 1, 64, 0, nullptr, &result),
               "data race on 4 bytes of value");
}

__global__ void write_after_release(int* result) {
  SIMT_SHARED(int, value);
  OrderToken& token = token_of_test();
  if (threadIdx.x == 3) {
    token.clear();
    simt::detail::release_into(token);
    value = 5;
  }
  if (threadIdx.x == 35) {
    simt::detail::acquire_from(token);
    *result = value;
  }
}

// An emulation may report what a copy does when it is issued, or when it is waited for.
template <bool kIsReportedLate>
__global__ void write_after_issue() {
  SIMT_SHARED(int, value);
  if (threadIdx.x != 0) return;
  value = 5;
  simt::detail::note_proxy_fence();
  const AsyncActor store = simt::detail::begin_async();
  const SourceSite site = SourceSite::here();
  if (!kIsReportedLate)
    simt::detail::note_async_read(store, &value, sizeof(value), Proxy::kAsync, site);
  value = 6;
  if (kIsReportedLate)
    simt::detail::note_async_read(store, &value, sizeof(value), Proxy::kAsync, site);
}

// Catches: what a thread does after a release, or after it issued a copy, taken to come before.
TEST(OrderToken, WhatComesLaterIsNotReleased) {
  int result = 0;
  EXPECT_DEATH(simt::launch(write_after_release, 1, 64, 0, nullptr, &result),
               "data race on 4 bytes of value");
  EXPECT_DEATH(simt::launch(write_after_issue<false>, 1, 64, 0, nullptr),
               "data race on 4 bytes of value .*write by thread \\(0,0,0\\) .*, after read by an "
               "asynchronous operation");
  EXPECT_DEATH(
      simt::launch(write_after_issue<true>, 1, 64, 0, nullptr),
      "data race on 4 bytes of value .*read by an asynchronous operation .*, after write by "
      "thread \\(0,0,0\\)");
}

}  // namespace
}  // namespace packproof
