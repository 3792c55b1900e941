// Before the first pass: what of each piece has faded at its end. Behind it: the states between the
// pieces of a segment, from what each piece carries and its transition; in fp32 multiply-adds, as
// these are few products, and all later tokens depend on them.
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_scan_tasks.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

// A warp has one piece of one head. What chunks bring along shrinks by 2^-150 at least: beyond what
// fp32 holds. By the bound log_growth, so that weak gates are not taken for strong ones.
template <class T>
__device__ std::int32_t faded_chunks(const FastDeltaRule<T>& rule, const PlannedPiece& piece,
                                     std::int32_t head) {
  constexpr float kFaded = -150.0f;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  float behind = 0.0f;
  for (std::int32_t end = piece.tokens / kChunkTokens; end > 0; end -= 32) {
    const std::int32_t chunk = end - 1 - lane;
    const std::int64_t at = std::int64_t{piece.first_chunk + chunk} * rule.in.value_heads + head;
    float growth = chunk >= 0 ? rule.factors[at].log_growth : 0.0f;
#pragma unroll
    for (unsigned distance = 1; distance < 32; distance *= 2) {
      const float later = __shfl_up_sync(0xffffffffu, growth, distance);
      if (lane >= static_cast<int>(distance)) growth += later;
    }
    const unsigned faded = __ballot_sync(0xffffffffu, chunk >= 0 && behind + growth < kFaded);
    if (faded != 0) return end - __ffs(static_cast<int>(faded));
    behind += __shfl_sync(0xffffffffu, growth, 31);
  }
  return 0;
}

constexpr int kFadeThreads = 128;

// Grid: slots * value heads / 4.
template <class T>
__global__ void __launch_bounds__(kFadeThreads) fast_fade_kernel(FastDeltaRule<T> rule) {
  const std::int64_t index = std::int64_t{blockIdx.x} * (kFadeThreads / 32) + threadIdx.x / 32;
  const std::int32_t heads = rule.in.value_heads;
  if (index >= rule.slots * heads) return;
  const PlannedPiece piece = rule.slot_pieces[index / heads];
  std::int32_t faded = kNoPiece;
  if (piece.tokens > 0) {
    faded = faded_chunks(rule, piece, static_cast<std::int32_t>(index % heads));
    const bool begins = rule.in.cu_seqlens[piece.segment] == piece.first_token;
    if (faded == 0 && begins) faded = kSegmentBegin;
  }
  if (threadIdx.x % 32 == 0) rule.faded[index] = faded;
}

constexpr int kCombineThreads = 128, kColumns = 16, kDepth = 32;

template <int kKeyDim>
struct CombineMemory {
  float state[kKeyDim][kColumns];
  float transition[kKeyDim][kDepth + 1];  // some of its columns; rows lie in other banks
};

// sums += transition state: a thread's elements of the result, of one row.
template <int kKeyDim, int kOwn>
__device__ void add_product(CombineMemory<kKeyDim>& memory, const float* transition,
                            float (&sums)[kOwn]) {
  const int thread = static_cast<int>(threadIdx.x);
  const int row = thread % kKeyDim, column = thread / kKeyDim * kOwn;
  for (int from = 0; from < kKeyDim; from += kDepth) {
    for (int i = thread; i < kKeyDim * kDepth; i += kCombineThreads)
      memory.transition[i / kDepth][i % kDepth] =
          transition[i / kDepth * kKeyDim + from + i % kDepth];
    __syncthreads();  // these columns, and in the first round the state, are whole
#pragma unroll 4
    for (int k = 0; k < kDepth; ++k) {
      const float factor = memory.transition[row][k];
#pragma unroll
      for (int i = 0; i < kOwn; ++i)
        sums[i] = fmaf(factor, memory.state[from + k][column + i], sums[i]);
    }
    __syncthreads();  // all have read them, and in the last round the state
  }
}

// Grid: (slots, value heads, value_dim / 16). A block has the pieces from one that needs nothing
// from before it to the next such one: those between are linked by their transitions.
template <class T, int kKeyDim>
__global__ void __launch_bounds__(kCombineThreads) fast_combine_kernel(FastDeltaRule<T> rule) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<CombineMemory<kKeyDim>*>(raw);
  constexpr int kOwn = kKeyDim * kColumns / kCombineThreads;
  const GatedDeltaRuleInputs& in = rule.in;
  const auto head = static_cast<std::int32_t>(blockIdx.y);
  const int row = static_cast<int>(threadIdx.x) % kKeyDim;
  const int column = static_cast<int>(threadIdx.x) / kKeyDim * kOwn;
  const auto is_linked = [&](std::int64_t slot) {
    return slot < rule.slots && rule.faded[slot * in.value_heads + head] == 0;
  };
  const auto carried_by = [&](std::int64_t slot) {
    return state_at(rule.carried, rule, slot, head, in.value_dim) + row * in.value_dim +
           blockIdx.z * kColumns + column;
  };
  std::int64_t slot = blockIdx.x;
  if (is_linked(slot) || !is_linked(slot + 1)) return;
#pragma unroll
  for (int i = 0; i < kOwn; ++i) memory.state[row][column + i] = carried_by(slot)[i];
  for (++slot; is_linked(slot); ++slot) {
    float* const carried = carried_by(slot);
    float sums[kOwn];
#pragma unroll
    for (int i = 0; i < kOwn; ++i) sums[i] = carried[i];
    add_product(memory, state_at(rule.transitions, rule, slot, head, in.key_dim), sums);
#pragma unroll
    for (int i = 0; i < kOwn; ++i) memory.state[row][column + i] = carried[i] = sums[i];
  }
}

}  // namespace

template <class T>
void launch_fast_fade(const FastDeltaRule<T>& rule, Stream stream) {
  const std::int64_t warps = rule.slots * rule.in.value_heads;
  simt::launch(fast_fade_kernel<T>, dim3(static_cast<unsigned>((warps + 3) / 4)),
               dim3(kFadeThreads), 0, stream, rule);
}

template <class T>
void launch_fast_combine(const FastDeltaRule<T>& rule, Stream stream) {
  const dim3 grid(static_cast<unsigned>(rule.slots), static_cast<unsigned>(rule.in.value_heads),
                  static_cast<unsigned>(rule.in.value_dim / kColumns));
  for_key_tile_counts(rule.in.key_dim, [&]<int kKeyTiles>() {
    simt::launch(fast_combine_kernel<T, 64 * kKeyTiles>, grid, dim3(kCombineThreads),
                 sizeof(CombineMemory<64 * kKeyTiles>), stream, rule);
  });
}

#define PACKPROOF_INSTANTIATE(T)                                                  \
  template void launch_fast_fade<T>(const FastDeltaRule<T>& rule, Stream stream); \
  template void launch_fast_combine<T>(const FastDeltaRule<T>& rule, Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
