#include "harness/process/isolated_run.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/process/other_bits.h"
#include "harness/testing/living_process.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace packproof::harness {
namespace {

using Ending = IsolatedResult::Ending;
using std::chrono::milliseconds;

constexpr milliseconds kPlenty{20000};

TEST(RunIsolated, BringsBackWhatWasReturned) {
  const auto result = run_isolated([] { return Returned{"y", "none"}; }, kPlenty);
  EXPECT_EQ(result.ending, Ending::returned);
  EXPECT_EQ(result.returned, (Returned{"y", "none"}));
  EXPECT_GT(result.elapsed_us, 0);
}

struct Point {
  double x = 0;
  std::vector<int> y;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Point, x, y)

TEST(RunIsolated, BringsBackWhatHasAType) {
  const auto point = run_isolated([] { return Point{.x = 0.1, .y = {1, 2}}; }, kPlenty);
  EXPECT_EQ(point.returned.x, 0.1);
  EXPECT_EQ(point.returned.y, (std::vector{1, 2}));
  EXPECT_EQ(run_isolated([] { return std::string("\n\x01 \""); }, kPlenty).returned, "\n\x01 \"");
  EXPECT_EQ(run_isolated([] {}, kPlenty).ending, IsolatedJson::Ending::returned);
}

TEST(RunIsolated, KeepsARefusalsMessage) {
  const auto result =
      run_isolated([]() -> Returned { throw Refusal("activation 'gelu' is unknown"); }, kPlenty);
  EXPECT_EQ(result.ending, Ending::refused);
  EXPECT_EQ(result.message, "activation 'gelu' is unknown");
}

TEST(RunIsolated, SaysWhichTensorHasOtherBits) {
  const auto result = run_isolated(
      []() -> Returned { throw OtherBits("dweight", "run 3 of 5 gave other bits at [0, 1]"); },
      kPlenty);
  EXPECT_EQ(result.ending, Ending::other_bits);
  EXPECT_EQ(result.tensor, "dweight");
  EXPECT_EQ(result.message, "run 3 of 5 gave other bits at [0, 1]");
}

TEST(RunIsolated, AnyOtherExceptionIsACrash) {
  const auto result =
      run_isolated([]() -> Returned { throw std::runtime_error("CUDA error 700"); }, kPlenty);
  EXPECT_EQ(result.ending, Ending::crashed);
  EXPECT_EQ(result.message, "threw: CUDA error 700");
}

TEST(RunIsolated, NamesTheSignalAndTheTellingLine) {
  const auto result = run_isolated(
      []() -> Returned {
        std::fputs("noise\nsimt: deadlock in block (0,0,0)\nmore noise\n", stderr);
        std::abort();
      },
      kPlenty);
  EXPECT_EQ(result.ending, Ending::crashed);
  EXPECT_EQ(result.message, "SIGABRT (Aborted): simt: deadlock in block (0,0,0)");
}

TEST(RunIsolated, AnExitInTheMiddleIsACrash) {
  const auto result = run_isolated([]() -> Returned { ::_exit(0); }, kPlenty);
  EXPECT_EQ(result.ending, Ending::crashed);
}

TEST(RunIsolated, StopsAHang) {
  const auto start = std::chrono::steady_clock::now();
  const auto result = run_isolated(
      []() -> Returned {
        for (;;) ::pause();
      },
      milliseconds(200));
  EXPECT_EQ(result.ending, Ending::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kPlenty);
}

TEST(RunIsolated, StopsTheChildrenOfAHangToo) {
  int* const grandchild = static_cast<int*>(
      ::mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(grandchild, MAP_FAILED);
  run_isolated(
      [&]() -> Returned {
        const pid_t pid = ::fork();
        if (pid > 0) *grandchild = pid;  // the memory is shared with it as well
        for (;;) ::pause();
      },
      milliseconds(300));
  ASSERT_GT(*grandchild, 0);
  EXPECT_TRUE(ends_soon(*grandchild));
  ::munmap(grandchild, sizeof(int));
}

TEST(RunIsolated, ManyBytesOfOutputDoNotBlockTheChild) {
  const auto result = run_isolated(
      [] {
        for (int i = 0; i < 100000; ++i) std::fputs("a line that nobody reads\n", stderr);
        return Returned{"y"};
      },
      kPlenty);
  EXPECT_EQ(result.ending, Ending::returned);
}

TEST(RunIsolated, TheParentsMemoryStaysAsItWas) {
  int value = 1;
  run_isolated(
      [&] {
        value = 2;
        return Returned{};
      },
      kPlenty);
  EXPECT_EQ(value, 1);
}

}  // namespace
}  // namespace packproof::harness
