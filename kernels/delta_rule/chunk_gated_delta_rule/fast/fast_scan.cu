// The scan proper, and the first pass that finds the states between pieces: blocks stay, and take
// one task after another. A task is one piece of one value head with 128 columns of the state, or
// 64 where there would be too few tasks: the same bits.
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_scan_auxiliary.cuh"
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_scan_copies.cuh"
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_scan_state.cuh"
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_scan_tasks.cuh"
#include "kernels/device/instructions/register_budget.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

// Of an H100 or H200. One block each; with more, or fewer, it is as right.
constexpr std::int64_t kMultiprocessors = 132;

// Registers of a thread, by role: 64 Ki for all of them.
constexpr int kCopiesRegisters = 32, kAuxiliaryRegisters = 96, kStateRegisters = 192;

struct ScanMaps {
  TensorMap q, k, v, o;
};

template <class T, int kKeyTiles, int kStates>
__global__ void __launch_bounds__(kScanThreads<kStates>, 1)
    fast_scan_kernel(FastDeltaRule<T> rule, DeltaRuleOutputs out, ScanPass pass,
                     const __grid_constant__ ScanMaps maps) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<ScanMemory<kKeyTiles, kStates>*>(raw);
  if (threadIdx.x == 0) init_barriers(memory);
  __syncthreads();  // the barriers are there
  const int role = __shfl_sync(0xffffffffu, static_cast<int>(threadIdx.x) / 128, 0);
  if (role < kStates) {
    increase_registers<kStateRegisters>();
    StateColumnsScan<T, kKeyTiles, kStates>(memory, role).run();
  } else if (role == kStates) {
    decrease_registers<kAuxiliaryRegisters>();
    Auxiliary<T, kKeyTiles, kStates>(memory).run();
  } else {
    decrease_registers<kCopiesRegisters>();
    // One chain of branches: what one warp has to know costs the others no registers.
    const int warp = static_cast<int>(threadIdx.x) / 32 % 4;
    if (warp == 2) {
      store_outputs(memory, rule, maps.o, static_cast<T*>(out.o), pass == ScanPass::whole);
    } else if (threadIdx.x % 32 != 0) {
      return;
    } else if (warp == 0) {
      load_keys(memory, rule, maps.k);
    } else if (warp == 1) {
      load_others(memory, rule, maps.q, maps.v);
    } else if (pass == ScanPass::first) {
      fetch_tasks<ScanPass::first>(memory, rule, nullptr, kStates * 64);
    } else {
      fetch_tasks<ScanPass::whole>(memory, rule, out.final_state, kStates * 64);
    }
  }
}

template <ScanPass kPass, int kStates, class T>
void launch(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, Stream stream) {
  const GatedDeltaRuleInputs& in = rule.in;
  const std::int64_t units = kPass == ScanPass::whole ? in.segments + rule.slots : rule.slots;
  const std::int64_t tasks = units * in.value_heads * groups_of<kPass>(rule, kStates * 64);
  const auto blocks = static_cast<unsigned>(min(tasks, kMultiprocessors));
  const ScanMaps maps{key_map<T>(in, in.q), key_map<T>(in, in.k), value_map<T>(in, in.v),
                      value_map<T>(in, out.o)};
  for_key_tile_counts(in.key_dim, [&]<int kKeyTiles>() {
    simt::launch(fast_scan_kernel<T, kKeyTiles, kStates>, dim3(blocks), dim3(kScanThreads<kStates>),
                 sizeof(ScanMemory<kKeyTiles, kStates>), stream, rule, out, kPass, maps);
  });
}

// Two state warpgroups a block, unless twice as many blocks of one have room all at once.
template <ScanPass kPass, class T>
void launch_pass(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, Stream stream) {
  const GatedDeltaRuleInputs& in = rule.in;
  if (in.total_tokens == 0 || in.segments == 0) return;
  const std::int64_t pieces = max(std::int64_t{in.segments}, in.total_tokens / rule.piece_tokens);
  const std::int64_t halves = pieces * in.value_heads * (in.value_dim / 64);
  if (in.value_dim % 128 == 0 && halves > kMultiprocessors)
    launch<kPass, 2>(rule, out, stream);
  else
    launch<kPass, 1>(rule, out, stream);
}

}  // namespace

template <class T>
void launch_fast_first_pass(const FastDeltaRule<T>& rule, Stream stream) {
  // It stores no o: any tensor of that shape does for the map.
  launch_pass<ScanPass::first>(rule, {const_cast<void*>(rule.in.v), nullptr}, stream);
}

template <class T>
void launch_fast_scan(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, Stream stream) {
  launch_pass<ScanPass::whole>(rule, out, stream);
}

#define PACKPROOF_INSTANTIATE(T)                                                               \
  template void launch_fast_first_pass<T>(const FastDeltaRule<T>& rule, Stream stream);        \
  template void launch_fast_scan<T>(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, \
                                    Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
