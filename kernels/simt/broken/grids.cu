// Mistakes between blocks, and between threads in global memory.
#include "kernels/simt/api/simt.h"
#include "kernels/simt/broken/broken_kernels.h"
#include "kernels/simt/broken/guarded_memory.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Fault {
  kNone,
  kPlainAddAcrossBlocks,
  kPlainAddInBlock,
  kBlocksShareARow,
  kReadsOtherBlocksSum,
  kNoFenceBeforeFlag,
  kNoFenceAfterFlag,
  kNoBarrierBeforeTicket,
  kNoFenceBeforeTicket,
  kNoFenceAfterTicket,
  kNoBarrierAfterGlobalWrite,
};

constexpr int kBlocks = 6;
constexpr int kThreads = 64;
constexpr int kCount = kBlocks * kThreads;

// *total = sum of input; sums[b] = that of block b.
template <Fault kFault>
__global__ void grid_sum(const int* input, int* sums, int* total) {
  SIMT_SHARED(int, sum);
  const int thread = static_cast<int>(threadIdx.x);
  const int block = static_cast<int>(blockIdx.x);
  if (thread == 0) sum = 0;
  __syncthreads();  // the sum is 0
  const int value = input[block * kThreads + thread];
  if constexpr (kFault == Fault::kPlainAddInBlock) {
    sum += value;
  } else {
    atomicAdd(&sum, value);
  }
  __syncthreads();  // the sum is complete
  if (thread != 0) return;
  if constexpr (kFault == Fault::kBlocksShareARow) {
    sums[block / 2 * 2] = sum;
    sums[block] = sum;
  } else {
    sums[block] = sum;
  }
  if constexpr (kFault == Fault::kPlainAddAcrossBlocks) {
    *total += sum;
  } else {
    atomicAdd(total, sum);
  }
}

bool is_sum_right(GuardedMemory<int>& input, GuardedMemory<int>& sums, int total) {
  bool right = sums.is_intact();
  int all = 0;
  for (int block = 0; block < kBlocks; ++block) {
    int sum = 0;
    for (int i = 0; i < kThreads; ++i) sum += input[block * kThreads + i];
    right &= sums[block] == sum;
    all += sum;
  }
  return right && total == all;
}

template <Fault kFault>
bool run_sum() {
  GuardedMemory<int> input(kCount);
  GuardedMemory<int> sums(kBlocks);
  GuardedMemory<int> total(1);
  for (int i = 0; i < kCount; ++i) input[i] = i % 13 + 1;
  total[0] = 0;
  simt::launch(grid_sum<kFault>, kBlocks, kThreads, 0, nullptr, input.data(), sums.data(),
               total.data());
  return is_sum_right(input, sums, total[0]) && total.is_intact();
}

// Prefix sums over blocks, each of which waits for the flag of the block before it. Blocks take
// their turn by ticket, so that the one before has started.
template <Fault kFault>
__global__ void chained_prefix(const int* input, int* ticket, int* flags, int* prefixes) {
  if (threadIdx.x != 0) return;
  const int turn = atomicAdd(ticket, 1);
  int before = 0;
  if (turn > 0) {
    if constexpr (kFault != Fault::kReadsOtherBlocksSum) {
      while (atomicAdd(flags + turn - 1, 0) == 0) __nanosleep(20);
      if constexpr (kFault != Fault::kNoFenceAfterFlag) __threadfence();
    }
    before = prefixes[turn - 1];
  }
  prefixes[turn] = before + input[turn];
  if constexpr (kFault != Fault::kNoFenceBeforeFlag) __threadfence();
  atomicExch(flags + turn, 1);
}

template <Fault kFault>
bool run_prefix() {
  GuardedMemory<int> input(kBlocks);
  GuardedMemory<int> ticket(1);
  GuardedMemory<int> flags(kBlocks);
  GuardedMemory<int> prefixes(kBlocks);
  ticket[0] = 0;
  for (int i = 0; i < kBlocks; ++i) {
    flags[i] = 0;
    input[i] = i + 5;
  }
  simt::launch(chained_prefix<kFault>, kBlocks, 32, 0, nullptr, input.data(), ticket.data(),
               flags.data(), prefixes.data());
  bool right = prefixes.is_intact() && flags.is_intact();
  int sum = 0;
  for (int i = 0; i < kBlocks; ++i) right &= prefixes[i] == (sum += input[i]);
  return right;
}

// Every thread stores a value; the last block to finish adds all of them.
template <Fault kFault>
__global__ void last_block_adds(const int* input, int* scratch, int* ticket, int* total) {
  SIMT_SHARED(int, is_last);
  const int thread = static_cast<int>(threadIdx.x);
  const int block = static_cast<int>(blockIdx.x);
  scratch[block * kThreads + thread] = 2 * input[block * kThreads + thread];
  if constexpr (kFault != Fault::kNoBarrierBeforeTicket) __syncthreads();  // all have stored
  if (thread == 0) {
    if constexpr (kFault != Fault::kNoFenceBeforeTicket) __threadfence();
    is_last = atomicAdd(ticket, 1) == kBlocks - 1;
    if constexpr (kFault != Fault::kNoFenceAfterTicket) __threadfence();
  }
  __syncthreads();  // is_last is known, and what the other blocks stored
  if (is_last == 0) return;
  int sum = 0;
  for (int i = thread; i < kCount; i += kThreads) sum += scratch[i];
  atomicAdd(total, sum);
}

template <Fault kFault>
bool run_last_block() {
  GuardedMemory<int> input(kCount);
  GuardedMemory<int> scratch(kCount);
  GuardedMemory<int> ticket(1);
  GuardedMemory<int> total(1);
  ticket[0] = 0;
  total[0] = 0;
  int expected = 0;
  for (int i = 0; i < kCount; ++i) expected += 2 * (input[i] = i % 11 + 1);
  simt::launch(last_block_adds<kFault>, kBlocks, kThreads, 0, nullptr, input.data(), scratch.data(),
               ticket.data(), total.data());
  return total[0] == expected && total.is_intact() && scratch.is_intact();
}

// Neighbours of a block exchange values by way of global memory.
template <Fault kFault>
__global__ void exchange(const int* input, int* scratch, int* output) {
  const int thread = static_cast<int>(threadIdx.x);
  const int first = static_cast<int>(blockIdx.x) * kThreads;
  scratch[first + thread] = input[first + thread];
  if constexpr (kFault != Fault::kNoBarrierAfterGlobalWrite) __syncthreads();  // all have stored
  output[first + thread] = scratch[first + (thread ^ 33)];
}

template <Fault kFault>
bool run_exchange() {
  GuardedMemory<int> input(kCount);
  GuardedMemory<int> scratch(kCount);
  GuardedMemory<int> output(kCount);
  for (int i = 0; i < kCount; ++i) input[i] = i;
  simt::launch(exchange<kFault>, kBlocks, kThreads, 0, nullptr, input.data(), scratch.data(),
               output.data());
  bool right = output.is_intact();
  for (int i = 0; i < kCount; ++i) right &= output[i] == (i ^ 33);
  return right;
}

}  // namespace

std::vector<BrokenKernel> broken_grids() {
  return {
      PACKPROOF_BROKEN("plain add by several blocks", run_sum, kPlainAddAcrossBlocks),
      PACKPROOF_BROKEN("plain add by several threads", run_sum, kPlainAddInBlock),
      PACKPROOF_BROKEN("two blocks write one row", run_sum, kBlocksShareARow),
      PACKPROOF_BROKEN("reads another block's result", run_prefix, kReadsOtherBlocksSum),
      PACKPROOF_BROKEN("no fence before a flag is set", run_prefix, kNoFenceBeforeFlag),
      PACKPROOF_BROKEN("no fence after a flag is seen", run_prefix, kNoFenceAfterFlag),
      PACKPROOF_BROKEN("ticket before all have stored", run_last_block, kNoBarrierBeforeTicket),
      PACKPROOF_BROKEN("no fence before the ticket", run_last_block, kNoFenceBeforeTicket),
      PACKPROOF_BROKEN("no fence after the ticket", run_last_block, kNoFenceAfterTicket),
      PACKPROOF_BROKEN("no barrier after a global write", run_exchange, kNoBarrierAfterGlobalWrite),
  };
}

}  // namespace packproof::PACKPROOF_KERNELS
