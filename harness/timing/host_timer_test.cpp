#include "harness/timing/host_timer.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace packproof::harness {
namespace {

TEST(FastestRun, RunsAtLeastSoManyTimesASample) {
  int runs = 0;
  // Long enough to be a group of its own.
  const auto work = [&] {
    ++runs;
    volatile double sum = 0;
    for (int i = 0; i < 2'000'000; ++i) sum = sum + i;
  };
  const auto sample = fastest_run_us(work, 0);
  EXPECT_EQ(runs, 1);
  EXPECT_GT(sample(), 0);
  EXPECT_EQ(runs, 4);
  const auto burst = fastest_run_us(work, 0, /*fewest=*/1);
  EXPECT_EQ(runs, 5);
  EXPECT_GT(burst(), 0);
  EXPECT_EQ(runs, 6);
}

TEST(StayOnThisCpu, LeavesOne) {
  // In a thread of its own, which the others do not follow.
  std::thread([] {
    stay_on_this_cpu();
    cpu_set_t allowed;
    ASSERT_EQ(::sched_getaffinity(0, sizeof allowed, &allowed), 0);
    EXPECT_EQ(CPU_COUNT(&allowed), 1);
    EXPECT_TRUE(CPU_ISSET(static_cast<std::size_t>(::sched_getcpu()), &allowed));
  }).join();
}

TEST(FastestRun, GroupsShortRuns) {
  int runs = 0;
  const auto sample = fastest_run_us([&] { ++runs; }, 0);
  EXPECT_GT(sample(), 0);
  EXPECT_GT(runs, 100);
}

TEST(FastestRun, PassesOnWhatTheRunThrows) {
  EXPECT_THROW(fastest_run_us([] { throw std::runtime_error("no memory"); }, 0),
               std::runtime_error);
}

TEST(Slowed, RunsOnceACall) {
  int runs = 0;
  for (const double factor : {1.0, 3.0}) {
    const auto slow = slowed([&] { ++runs; }, factor);
    runs = 0;
    slow();
    EXPECT_EQ(runs, 1);
  }
}

// Whatever disturbs the machine makes it longer, and never shorter than what it counts.
TEST(Slowed, TakesSoManyTimesAsLong) {
  for (const int counts : {1000, 1'000'000}) {
    const auto run = [&] {
      for (volatile int i = 0; i < counts;) i = i + 1;
    };
    const auto fast = fastest_run_us(run, 1e-3), slow = fastest_run_us(slowed(run, 3), 1e-3);
    double fastest = fast(), fastest_slow = slow();
    for (int i = 0; i < 20; ++i) {
      fastest = std::min(fastest, fast());
      fastest_slow = std::min(fastest_slow, slow());
    }
    EXPECT_GT(fastest_slow, 2 * fastest);
    EXPECT_LT(fastest_slow, 5 * fastest);
  }
}

}  // namespace
}  // namespace packproof::harness
