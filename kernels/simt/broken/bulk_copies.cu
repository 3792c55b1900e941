// Mistakes with mbarriers, bulk and tensor copies, and the asynchronous proxy.
#include "kernels/device/instructions/bulk_copy.cuh"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/named_barrier.cuh"
#include "kernels/device/instructions/tensor_copy.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/broken/broken_kernels.h"
#include "kernels/simt/broken/guarded_memory.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Fault {
  kNone,
  kNoFullWait,
  kWrongFirstPhase,
  kPhaseNeverFlips,
  kCountTooLarge,
  kCountTooSmall,
  kTooFewBytes,
  kTooManyBytes,
  kNoExpect,
  kNoInitFence,
  kNoBarrierAfterInit,
  kRefillsWhatIsRead,
  kFreesBeforeRead,
  kNoProxyFence,
  kNoBarrierBeforeStore,
  kReusesSourceOfStore,
  kWaitsForOneStoreTooFew,
  kNoStoreCommit,
  kNoStoreWait,
  kWrongSwizzle,
  kBoxOfTheNextSegment,
  kStoreOfAWholeBox,
};

constexpr int kThreads = 128;  // and one producing warp before them
constexpr int kColumns = 32;   // floats: rows of 128 bytes
constexpr int kRows = 32;      // of a tile
constexpr int kStages = 2;
constexpr int kTiles = 5;
constexpr int kTotalRows = kTiles * kRows - 10;  // the last tile is not full
constexpr int kSlackRows = 12;                   // of another segment, behind them

// output = 2 input + 1, tile by tile. Warp 0 loads: bulk copies of the rows that there are, or
// boxes of a tensor; the other warps compute, and one thread of theirs stores.
template <Fault kFault, bool kTensor>
__global__ void pipeline(const float* input, float* output, const __grid_constant__ TensorMap from,
                         const __grid_constant__ TensorMap to) {
  SIMT_SHARED_ALIGNED(1024, float, loaded, [kStages][kRows * kColumns]);
  SIMT_SHARED_ALIGNED(1024, float, computed, [kStages][kRows * kColumns]);
  SIMT_SHARED(Mbarrier, full, [kStages]);
  SIMT_SHARED(Mbarrier, empty, [kStages]);
  const int thread = static_cast<int>(threadIdx.x) - 32;
  if (threadIdx.x == 0) {
    for (int stage = 0; stage < kStages; ++stage) {
      mbarrier_init(&full[stage], kFault == Fault::kCountTooLarge ? 2 : 1);
      mbarrier_init(&empty[stage], kFault == Fault::kCountTooSmall ? kThreads / 2 : kThreads);
    }
    if constexpr (kFault != Fault::kNoInitFence) mbarrier_init_fence();
  }
  if constexpr (kFault != Fault::kNoBarrierAfterInit) __syncthreads();  // mbarriers are initialised

  if (thread < 0) {
    if (threadIdx.x != 0) return;
    for (int tile = 0; tile < kTiles; ++tile) {
      const int stage = tile % kStages;
      const auto turn = static_cast<std::uint32_t>(tile / kStages);
      if constexpr (kFault != Fault::kRefillsWhatIsRead) {
        mbarrier_wait(&empty[stage], (turn & 1) ^ 1);  // the stage is read
      }
      const int first = tile * kRows;
      const int rows = kTensor ? kRows : min(kRows, kTotalRows - first);
      const auto bytes = static_cast<std::uint32_t>(rows * kColumns * 4);
      if constexpr (kFault == Fault::kNoExpect) {
        mbarrier_arrive(&full[stage]);
      } else {
        mbarrier_arrive_expect_tx(&full[stage], kFault == Fault::kTooFewBytes    ? bytes - 128
                                                : kFault == Fault::kTooManyBytes ? bytes + 128
                                                                                 : bytes);
      }
      if constexpr (kTensor) {
        const int row = kFault == Fault::kBoxOfTheNextSegment ? first + 1 : first;
        tensor_load(loaded[stage], from, 0, row, &full[stage]);
      } else {
        bulk_load(loaded[stage], input + first * kColumns, bytes, &full[stage]);
      }
    }
    return;
  }

  for (int tile = 0; tile < kTiles; ++tile) {
    const int stage = tile % kStages;
    const auto turn = static_cast<std::uint32_t>(tile / kStages);
    const std::uint32_t phase = kFault == Fault::kWrongFirstPhase   ? (turn & 1) ^ 1
                                : kFault == Fault::kPhaseNeverFlips ? 0
                                                                    : turn & 1;
    if constexpr (kFault != Fault::kNoFullWait) mbarrier_wait(&full[stage], phase);
    if constexpr (kFault == Fault::kFreesBeforeRead) mbarrier_arrive(&empty[stage]);
    if (thread == 0) {  // the stage's last store has read its tile
      if constexpr (kFault == Fault::kWaitsForOneStoreTooFew) {
        bulk_wait_group_read<kStages>();
      } else if constexpr (kFault != Fault::kReusesSourceOfStore) {
        bulk_wait_group_read<kStages - 1>();
      }
    }
    named_barrier_sync(1, kThreads);  // `computed` of this stage may be written
    for (int i = thread; i < kRows * kColumns; i += kThreads) {
      const auto offset = static_cast<std::uint32_t>(i * 4);
      const std::uint32_t at = kTensor && kFault != Fault::kWrongSwizzle
                                   ? swizzled_offset(offset, Swizzle::k128Bytes)
                                   : offset;
      computed[stage][i] = 2 * loaded[stage][at / 4] + 1;
    }
    if constexpr (kFault != Fault::kFreesBeforeRead) mbarrier_arrive(&empty[stage]);
    if constexpr (kFault != Fault::kNoProxyFence) fence_proxy_async_shared();
    if constexpr (kFault != Fault::kNoBarrierBeforeStore) {
      named_barrier_sync(2, kThreads);  // `computed` is complete
    }
    if (thread == 0) {
      const int first = tile * kRows;
      if constexpr (kTensor) {
        tensor_store(to, 0, first, computed[stage]);
      } else {
        const int rows =
            kFault == Fault::kStoreOfAWholeBox ? kRows : min(kRows, kTotalRows - first);
        bulk_store(output + first * kColumns, computed[stage],
                   static_cast<std::uint32_t>(rows * kColumns * 4));
      }
      if constexpr (kFault != Fault::kNoStoreCommit) bulk_commit_group();
    }
  }
  if constexpr (kFault != Fault::kNoStoreWait) {
    if (thread == 0) bulk_wait_group<0>();
  }
}

template <Fault kFault, bool kTensor>
bool computes() {
  constexpr int kAll = kTotalRows + kSlackRows;
  GuardedMemory<float> input(kAll * kColumns);
  GuardedMemory<float> output(kAll * kColumns);
  for (int i = 0; i < kTotalRows * kColumns; ++i) input[i] = static_cast<float>(i % 1000);
  const auto map = [](float* tensor, Swizzle swizzle) {
    return make_tensor_map({.global = tensor,
                            .element = TensorElement::kFp32,
                            .rank = 2,
                            .size = {kColumns, kTotalRows},
                            .stride_bytes = {0, kColumns * 4},
                            .box = {kColumns, kRows},
                            .swizzle = swizzle});
  };
  simt::launch(pipeline<kFault, kTensor>, 1, 32 + kThreads, 0, nullptr, input.data(), output.data(),
               map(input.data(), Swizzle::k128Bytes), map(output.data(), Swizzle::kNone));
  bool right = output.is_intact();
  for (int i = 0; i < kTotalRows * kColumns; ++i) right &= output[i] == 2 * input[i] + 1;
  for (int i = kTotalRows * kColumns; i < kAll * kColumns; ++i) {
    right &= output[i] != output[i];  // never written: still NaN
  }
  return right;
}

template <Fault kFault>
bool run_bulk() {
  return computes<kFault, false>();
}
template <Fault kFault>
bool run_tensor() {
  return computes<kFault, true>();
}

}  // namespace

std::vector<BrokenKernel> broken_bulk_copies() {
  return {
      PACKPROOF_BROKEN("mbarrier: no wait for the load", run_bulk, kNoFullWait),
      PACKPROOF_BROKEN("mbarrier: wrong first phase", run_bulk, kWrongFirstPhase),
      PACKPROOF_BROKEN("mbarrier: phase never flips", run_bulk, kPhaseNeverFlips),
      PACKPROOF_BROKEN("mbarrier: count too large", run_bulk, kCountTooLarge),
      PACKPROOF_BROKEN("mbarrier: count too small", run_bulk, kCountTooSmall),
      PACKPROOF_BROKEN("mbarrier: expects too few bytes", run_bulk, kTooFewBytes),
      PACKPROOF_BROKEN("mbarrier: expects too many bytes", run_bulk, kTooManyBytes),
      PACKPROOF_BROKEN("mbarrier: expects no bytes", run_bulk, kNoExpect),
      PACKPROOF_BROKEN("mbarrier: init not fenced", run_bulk, kNoInitFence),
      PACKPROOF_BROKEN("mbarrier: no barrier after init", run_bulk, kNoBarrierAfterInit),
      PACKPROOF_BROKEN("bulk load into what is still read", run_bulk, kRefillsWhatIsRead),
      PACKPROOF_BROKEN("stage freed before it is read", run_bulk, kFreesBeforeRead),
      PACKPROOF_BROKEN("bulk store without a proxy fence", run_bulk, kNoProxyFence),
      PACKPROOF_BROKEN("bulk store before all have written", run_bulk, kNoBarrierBeforeStore),
      PACKPROOF_BROKEN("source of a store reused unread", run_bulk, kReusesSourceOfStore),
      PACKPROOF_BROKEN("waits for one store too few", run_bulk, kWaitsForOneStoreTooFew),
      PACKPROOF_BROKEN("bulk store without a commit", run_bulk, kNoStoreCommit),
      PACKPROOF_BROKEN("bulk store never waited for", run_bulk, kNoStoreWait),
      PACKPROOF_BROKEN("bulk store of a whole box at the end", run_bulk, kStoreOfAWholeBox),
      PACKPROOF_BROKEN("tensor store without a proxy fence", run_tensor, kNoProxyFence),
      PACKPROOF_BROKEN("tensor load: expects too few bytes", run_tensor, kTooFewBytes),
      PACKPROOF_BROKEN("tensor load read without its swizzle", run_tensor, kWrongSwizzle),
      PACKPROOF_BROKEN("tensor load from the row after", run_tensor, kBoxOfTheNextSegment),
  };
}

}  // namespace packproof::PACKPROOF_KERNELS
