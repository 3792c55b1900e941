#include "kernels/device/conformance/synchronisation_conformance.h"

#include "kernels/device/instructions/elect.cuh"
#include "kernels/device/instructions/mbarrier.cuh"
#include "kernels/device/instructions/named_barrier.cuh"
#include "kernels/device/instructions/register_budget.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

__global__ void mbarrier_steps(MbarrierStepsParams p) {
  SIMT_SHARED(Mbarrier, mbarrier);
  mbarrier_init(&mbarrier, p.arrivals);
  for (int i = 0; i < p.steps; ++i) {
    const std::uint32_t value = p.value[i];
    switch (p.step[i]) {
      case MbarrierStep::kArrive:
        mbarrier_arrive(&mbarrier, value);
        break;
      case MbarrierStep::kExpectTx:
        mbarrier_expect_tx(&mbarrier, value);
        break;
      case MbarrierStep::kArriveExpectTx:
        mbarrier_arrive_expect_tx(&mbarrier, value);
        break;
      case MbarrierStep::kCompleteTx:
        mbarrier_complete_tx(&mbarrier, value);
        break;
      case MbarrierStep::kReinit:
        mbarrier_inval(&mbarrier);
        mbarrier_init(&mbarrier, p.arrivals);
    }
    p.seen[i] =
        (mbarrier_test_wait(&mbarrier, 0) ? 1u : 0u) | (mbarrier_test_wait(&mbarrier, 1) ? 2u : 0u);
  }
}

constexpr int kStages = 2;

// Two warpgroups, so that registers can change hands; warps 0 and 1 do the work.
__global__ void __launch_bounds__(256, 1) hand_over(HandOverParams p) {
  SIMT_SHARED(std::uint32_t, stage, [kStages][32]);
  SIMT_SHARED(Mbarrier, full, [kStages]);
  SIMT_SHARED(Mbarrier, empty, [kStages]);
  const int warp = static_cast<int>(threadIdx.x) / 32;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  if (threadIdx.x == 0) {
    for (int s = 0; s < kStages; ++s) {
      mbarrier_init(&full[s], 32);
      mbarrier_init(&empty[s], 32);
    }
  }
  __syncthreads();  // the mbarriers are initialised
  if (warp < 4) {
    decrease_registers<40>();
  } else {
    increase_registers<112>();
  }
  if (warp > 1) return;
  for (int i = 0; i < p.rounds; ++i) {
    const int s = i % kStages;
    const std::uint32_t parity = static_cast<std::uint32_t>(i / kStages) & 1u;
    const std::uint32_t barrier = 1 + 2 * static_cast<std::uint32_t>(s);  // full; empty is the next
    const bool is_last_use = i + kStages >= p.rounds;
    if (warp == 0) {
      if (!p.by_named_barriers) {
        mbarrier_wait(&empty[s], parity ^ 1u);
      } else if (i >= kStages) {
        named_barrier_sync(barrier + 1, 64);
      }
      stage[s][lane] = p.values[32 * i + lane];
      if (p.by_named_barriers) {
        named_barrier_arrive(barrier, 64);
      } else {
        mbarrier_arrive(&full[s]);
      }
    } else {
      if (p.by_named_barriers) {
        named_barrier_sync(barrier, 64);
      } else {
        mbarrier_wait(&full[s], parity);
      }
      p.received[32 * i + lane] = stage[s][lane ^ 1];
      if (!p.by_named_barriers) {
        mbarrier_arrive(&empty[s]);
      } else if (!is_last_use) {
        named_barrier_arrive(barrier + 1, 64);
      }
    }
  }
}

__global__ void elects(std::uint32_t mask, std::uint32_t* elected) {
  if ((mask >> threadIdx.x & 1u) != 0 && elect_one(mask)) atomicOr(elected, 1u << threadIdx.x);
}

}  // namespace

void run_mbarrier_steps(const MbarrierStepsParams& p, Stream stream) {
  simt::launch(mbarrier_steps, 1, 1, 0, stream, p);
}

void run_hand_over(const HandOverParams& p, Stream stream) {
  simt::launch(hand_over, 1, 256, 0, stream, p);
}

void run_elect(std::uint32_t mask, std::uint32_t* elected, Stream stream) {
  simt::launch(elects, 1, 32, 0, stream, mask, elected);
}

}  // namespace packproof::PACKPROOF_KERNELS
