// The scan proper: blocks stay, and take one task after another. A task is one segment of one value
// head with 128 columns of the state, or 64 where there would be too few tasks: the same bits.
#include "kernels/chunk_gated_delta_rule/fast_scan_auxiliary.cuh"
#include "kernels/chunk_gated_delta_rule/fast_scan_copies.cuh"
#include "kernels/chunk_gated_delta_rule/fast_scan_state.cuh"
#include "kernels/device/register_budget.cuh"

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
    fast_scan_kernel(FastDeltaRule<T> rule, DeltaRuleOutputs out,
                     const __grid_constant__ ScanMaps maps) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<ScanMemory<kKeyTiles, kStates>*>(raw);
  if (threadIdx.x == 0) init_barriers(memory);
  __syncthreads();  // the barriers are there
  const int role = __shfl_sync(0xffffffffu, static_cast<int>(threadIdx.x) / 128, 0);
  if (role < kStates) {
    increase_registers<kStateRegisters>();
    StateColumnsScan<T, kKeyTiles, kStates>(memory, rule, role).run(out.final_state);
  } else if (role == kStates) {
    decrease_registers<kAuxiliaryRegisters>();
    Auxiliary<T, kKeyTiles, kStates>(memory).run();
  } else {
    decrease_registers<kCopiesRegisters>();
    const int warp = static_cast<int>(threadIdx.x) / 32 % 4;
    const bool is_first_lane = threadIdx.x % 32 == 0;
    if (warp == 0 && is_first_lane) load_keys(memory, rule, maps.k);
    if (warp == 1 && is_first_lane) load_others(memory, rule, maps.q, maps.v);
    if (warp == 2) store_outputs(memory, rule, maps.o, static_cast<T*>(out.o));
    if (warp == 3 && is_first_lane) fetch_tasks(memory, rule, kStates * 64);
  }
}

template <int kStates, class T>
void launch(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, Stream stream) {
  const GatedDeltaRuleInputs& in = rule.in;
  const std::int64_t tasks =
      std::int64_t{in.segments} * in.value_heads * (in.value_dim / (64 * kStates));
  const auto blocks = static_cast<unsigned>(min(tasks, kMultiprocessors));
  const ScanMaps maps{key_map<T>(in, in.q), key_map<T>(in, in.k), value_map<T>(in, in.v),
                      value_map<T>(in, out.o)};
  for_key_tile_counts(in.key_dim, [&]<int kKeyTiles>() {
    simt::launch(fast_scan_kernel<T, kKeyTiles, kStates>, dim3(blocks), dim3(kScanThreads<kStates>),
                 sizeof(ScanMemory<kKeyTiles, kStates>), stream, rule, out, maps);
  });
}

}  // namespace

template <class T>
void launch_fast_scan(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, Stream stream) {
  const GatedDeltaRuleInputs& in = rule.in;
  if (in.total_tokens == 0 || in.segments == 0) return;
  const std::int64_t most_pairs = std::int64_t{in.segments} * in.value_heads * (in.value_dim / 128);
  if (in.value_dim % 128 == 0 && 2 * most_pairs > kMultiprocessors)
    launch<2>(rule, out, stream);
  else
    launch<1>(rule, out, stream);
}

#define PACKPROOF_INSTANTIATE(T)                                                               \
  template void launch_fast_scan<T>(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, \
                                    Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
