// mbarriers on the executor: their phases, and which faults are reported. The line constants count
// from their own line to the faulty one.
#include "kernels/device/instructions/mbarrier.cuh"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kernels/simt/api/simt.h"
#include "kernels/simt/tests/async_test_kernels.cuh"
#include "kernels/simt/tests/schedule_sweep.h"

namespace packproof::kernels_simt {
namespace {

std::string at_line(int line) { return "mbarrier_test.cpp:" + std::to_string(line); }

std::vector<int> run_ring(RingMistake mistake) {
  std::vector<int> out(7 * 32);
  simt::launch(ring, 1, 64, 0, nullptr, 7, mistake, out.data());
  return out;
}

std::vector<int> expected_ring() {
  std::vector<int> out;
  for (int i = 0; i < 7; ++i) {
    for (int lane = 0; lane < 32; ++lane) out.push_back(100 * i + 31 - lane);
  }
  return out;
}

// Catches: parities mixed up, phases that end early or never, lost wake-ups.
TEST(Mbarrier, RingOfStages) {
  simt::under_schedules(50, [] { EXPECT_EQ(run_ring(RingMistake::kNone), expected_ring()); });
}

// Catches: waits that tolerate the wrong phase.
TEST(Mbarrier, WrongPhaseShows) {
  EXPECT_DEATH(run_ring(RingMistake::kFullPhase),
               "deadlock in block .*threads 32-63 wait at mbarrier");
  EXPECT_DEATH(run_ring(RingMistake::kEmptyPhase),
               "deadlock in block .*threads 0-31 wait at mbarrier wait .*32 of "
               "32 arrivals are pending");
}

__global__ void phase_by_phase(unsigned* seen) {
  SIMT_SHARED(Mbarrier, barrier);
  mbarrier_init(&barrier, 3);
  const auto look = [&](int i) {
    seen[i] =
        (mbarrier_test_wait(&barrier, 0) ? 1u : 0u) | (mbarrier_test_wait(&barrier, 1) ? 2u : 0u);
  };
  look(0);
  mbarrier_arrive(&barrier, 2);
  mbarrier_arrive_expect_tx(&barrier, 48);
  look(1);
  mbarrier_complete_tx(&barrier, 16);
  mbarrier_expect_tx(&barrier, 16);
  mbarrier_complete_tx(&barrier, 16);
  look(2);
  mbarrier_complete_tx(&barrier, 32);
  look(3);
  mbarrier_complete_tx(&barrier, 8);  // before they are expected
  mbarrier_arrive(&barrier, 2);
  mbarrier_arrive_expect_tx(&barrier, 8);
  look(4);
  mbarrier_inval(&barrier);
  mbarrier_init(&barrier, 1);
  look(5);
}

// Catches: a phase that ends without its bytes or arrivals, or does not end with both.
TEST(Mbarrier, PhaseEndsWithArrivalsAndBytes) {
  std::vector<unsigned> seen(6);
  simt::launch(phase_by_phase, 1, 1, 0, nullptr, seen.data());
  EXPECT_EQ(seen, (std::vector<unsigned>{2, 2, 2, 1, 2, 2}));
}

constexpr int kWaitLine = __LINE__ + 9;
__global__ void wrong_byte_count(unsigned expected, unsigned come) {
  SIMT_SHARED(Mbarrier, barrier);
  if (threadIdx.x == 0) mbarrier_init(&barrier, 1);
  __syncwarp();  // barrier is initialised
  if (threadIdx.x == 0) {
    mbarrier_arrive_expect_tx(&barrier, expected);
    mbarrier_complete_tx(&barrier, come);
  }
  mbarrier_wait(&barrier, 0);
}

TEST(Mbarrier, WrongByteCountIsADeadlockThatSaysSo) {
  const auto run = [](unsigned expected, unsigned come) {
    simt::launch(wrong_byte_count, 1, 32, 0, nullptr, expected, come);
  };
  const std::string waits =
      "deadlock in block \\(0,0,0\\) .*: threads 0-31 wait at mbarrier wait .*" +
      at_line(kWaitLine) +
      " in wrong_byte_count: in its phase 0, 0 of 1 "
      "arrivals are pending and ";
  run(64, 64);
  EXPECT_DEATH(run(64, 48), waits + "16 expected bytes have not come \\(initialised at .*" +
                                at_line(kWaitLine - 6));
  EXPECT_DEATH(run(48, 64), waits + "16 bytes have come that were not expected");
}

constexpr int kInitLine = __LINE__ + 3;
__global__ void bytes_left_over() {
  SIMT_SHARED(Mbarrier, barrier);
  mbarrier_init(&barrier, 1);
  mbarrier_complete_tx(&barrier, 16);
}

TEST(Mbarrier, BytesLeftOverAreReported) {
  EXPECT_DEATH(simt::launch(bytes_left_over, 1, 1, 0, nullptr),
               at_line(kInitLine) +
                   " in bytes_left_over: the block ends, and at the mbarrier "
                   "initialised here 16 bytes have come that were not expected");
}

constexpr int kMisuseLine = __LINE__ + 6;
__global__ void misuse(int which) {
  SIMT_SHARED(Mbarrier, barriers, [2]);
  Mbarrier* const barrier = barriers;
  auto* const misaligned = reinterpret_cast<Mbarrier*>(reinterpret_cast<char*>(barriers) + 4);
  if (which < 8) mbarrier_init(barrier, 2);
  if (which == 0) mbarrier_arrive(barrier, 3);
  if (which == 1) mbarrier_arrive(barrier + 1);
  if (which == 2) mbarrier_wait(misaligned, 0);
  if (which == 3) mbarrier_init(barrier, 2);
  if (which == 4) barrier->opaque = 0, mbarrier_arrive(barrier);
  if (which == 5) mbarrier_wait(barrier, 2);
  if (which == 6) mbarrier_expect_tx(barrier, 1u << 20);
  if (which == 7) mbarrier_inval(barrier), mbarrier_arrive(barrier);
  if (which == 8) mbarrier_init(barrier, 0);
  if (which == 9) barriers[1].opaque = barriers[0].opaque, mbarrier_arrive(barrier + 1);
}

TEST(Mbarrier, MisuseIsReported) {
  const char* const messages[] = {
      "3 arrivals at the mbarrier initialised at .*, where 2 of 2 are pending",
      "mbarrier.arrive of an address where no mbarrier is initialised",
      "mbarrier.try_wait of an address that is not a multiple of 8 bytes",
      "mbarrier.init of the valid mbarrier initialised at .*; mbarrier.inval it",
      "mbarrier.arrive of an mbarrier that was overwritten since its mbarrier.init",
      "mbarrier.try_wait with parity 2; it may be 0 or 1",
      "1048576 bytes are expected .*; it counts to 1048575",
      "mbarrier.arrive of an address where no mbarrier is initialised",
      "mbarrier.init with a count of 0; it may be 1 to 1048575",
      "mbarrier.arrive of an address where no mbarrier is initialised"};
  for (int which = 0; which < 10; ++which) {
    SCOPED_TRACE(which);
    EXPECT_DEATH(simt::launch(misuse, 1, 1, 0, nullptr, which),
                 at_line(kMisuseLine + which) + " in misuse: " + messages[which]);
  }
}

constexpr int kOverwrittenLine = __LINE__ + 3;
__global__ void overwritten() {
  SIMT_SHARED(Mbarrier, barrier);
  mbarrier_init(&barrier, 1);
  barrier.opaque = 1;
}

TEST(Mbarrier, OverwritingIsReportedAtTheEnd) {
  EXPECT_DEATH(simt::launch(overwritten, 1, 1, 0, nullptr),
               at_line(kOverwrittenLine) + ".*was overwritten before mbarrier.inval");
}

__global__ void spins_on_test_wait() {
  SIMT_SHARED(Mbarrier, barrier);
  if (threadIdx.x == 0) mbarrier_init(&barrier, 1);
  __syncwarp();
  while (!mbarrier_test_wait(&barrier, 0)) {
  }
}

// Catches: a hang where a deadlock should be reported.
TEST(Mbarrier, EndlessTestIsReported) {
  EXPECT_DEATH(
      simt::launch(spins_on_test_wait, 1, 2, 0, nullptr),
      "mbarrier.test_wait has failed 4194304 times while nothing happened: in its phase 0");
}

}  // namespace
}  // namespace packproof::kernels_simt
