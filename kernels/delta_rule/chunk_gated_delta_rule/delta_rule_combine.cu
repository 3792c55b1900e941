// The states between the runs of a segment, from what each run carries and its transition; and
// backwards their gradients. In fp32 multiply-adds: few products, and all later tokens depend on
// them.
#include "kernels/delta_rule/chunk_gated_delta_rule/delta_rule_runs.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Sweep : std::uint8_t { forward, backward };

template <int kKeyTiles>
struct CombineMemory {
  Tile<float> state[kKeyTiles], transition;
};

// state = carried + transition state, or with the transition transposed. `carried` becomes it.
template <Sweep kSweep, int kKeyTiles>
__device__ void step(CombineMemory<kKeyTiles>& memory, const StateColumns& carried,
                     const float* transition, std::int32_t key_dim) {
  TileShare sums[kKeyTiles];
#pragma unroll
  for (int to = 0; to < kKeyTiles; ++to) {
    for_each_element(
        sums[to], [&](int row, int c, float& value) { value = carried.at(to * kTile + row, c); });
#pragma unroll 1
    for (int from = 0; from < kKeyTiles; ++from) {
      const int row = (kSweep == Sweep::forward ? to : from) * kTile;
      const int column = (kSweep == Sweep::forward ? from : to) * kTile;
      load_tile(memory.transition, transition + row * std::int64_t{key_dim} + column, key_dim,
                kTile);
      __syncthreads();  // the transition, and in the first round the state, are whole
      if constexpr (kSweep == Sweep::forward) {
        add_product<Held::asIs, Held::asIs>(sums[to], memory.transition, memory.state[from]);
      } else {
        add_product<Held::transposed, Held::asIs>(sums[to], memory.transition, memory.state[from]);
      }
      __syncthreads();  // all have read the transition, and in the last round the state
    }
  }
#pragma unroll
  for (int tile = 0; tile < kKeyTiles; ++tile) {
    store_share(memory.state[tile], sums[tile]);
    for_each_element(sums[tile], [&](int row, int c, float value) {
      carried.at(tile * kTile + row, c) = value;
    });
  }
}

// Grid: (segments * value heads, value_dim / 64).
template <class T, Sweep kSweep, int kKeyTiles>
__global__ void __launch_bounds__(kTileThreads) combine_kernel(DeltaRuleStash<T> stash) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<CombineMemory<kKeyTiles>*>(raw);
  const GatedDeltaRuleInputs& in = stash.in;
  const auto heads = static_cast<unsigned>(in.value_heads);
  const auto head = static_cast<std::int32_t>(blockIdx.x % heads);
  const DeltaRuleRun last = last_run_of(stash, static_cast<std::int32_t>(blockIdx.x / heads));
  if (last.is_first) return;
  const std::int64_t first_slot = stash.in.cu_seqlens[last.segment] / kRunTokens;
  const std::int64_t last_slot = last.slot_before();
  const auto carried_at = [&](std::int64_t slot) {
    return state_columns(kSweep == Sweep::forward ? stash.run_states : stash.run_dstates, slot, in,
                         head, in.value_dim, static_cast<std::int32_t>(blockIdx.y) * kTile);
  };
  const auto transition_of = [&](std::int64_t slot) {
    return stash.transitions +
           (slot * in.value_heads + head) * in.key_dim * std::int64_t{in.key_dim};
  };

  // What the first run of the sweep carries is the state behind it already.
  const StateColumns begin = carried_at(kSweep == Sweep::forward ? first_slot : last_slot);
  for (int tile = 0; tile < kKeyTiles; ++tile)
    for (int i = static_cast<int>(threadIdx.x); i < kTile * kTile; i += kTileThreads)
      memory.state[tile].rows[i / kTile][i % kTile] = begin.at(tile * kTile + i / kTile, i % kTile);
  if constexpr (kSweep == Sweep::forward) {
    for (std::int64_t slot = first_slot + 1; slot <= last_slot; ++slot)
      step<kSweep, kKeyTiles>(memory, carried_at(slot), transition_of(slot), in.key_dim);
  } else {
    for (std::int64_t slot = last_slot; slot > first_slot; --slot)
      step<kSweep, kKeyTiles>(memory, carried_at(slot - 1), transition_of(slot), in.key_dim);
  }
}

template <class T, Sweep kSweep, int kKeyTiles>
void launch(const DeltaRuleStash<T>& stash, Stream stream) {
  const dim3 grid(static_cast<unsigned>(stash.in.segments * stash.in.value_heads),
                  static_cast<unsigned>(stash.in.value_dim / kTile));
  simt::launch(combine_kernel<T, kSweep, kKeyTiles>, grid, dim3(kTileThreads),
               sizeof(CombineMemory<kKeyTiles>), stream, stash);
}

template <Sweep kSweep, class T>
void launch_for_key_dim(const DeltaRuleStash<T>& stash, Stream stream) {
  for_key_tiles(stash.in.key_dim,
                [&]<int kKeyTiles>() { launch<T, kSweep, kKeyTiles>(stash, stream); });
}

}  // namespace

template <class T>
void launch_combine(const DeltaRuleStash<T>& stash, Stream stream) {
  launch_for_key_dim<Sweep::forward>(stash, stream);
}
template <class T>
void launch_reverse_combine(const DeltaRuleStash<T>& stash, Stream stream) {
  launch_for_key_dim<Sweep::backward>(stash, stream);
}

#define PACKPROOF_INSTANTIATE(T)                                                  \
  template void launch_combine<T>(const DeltaRuleStash<T>& stash, Stream stream); \
  template void launch_reverse_combine<T>(const DeltaRuleStash<T>& stash, Stream stream);
PACKPROOF_FOR_EACH_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
