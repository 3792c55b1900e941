// Where chunks begin, and in which order pieces of segments are scanned: by chunks, the most first,
// so that what is begun last is short. Nothing depends on the order among equals.
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_delta_rule.cuh"
#include "kernels/device/packed/block_prefix.cuh"
#include "kernels/device/packed/segment_search.cuh"
#include "kernels/device/tiles/float_lanes.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kPlanThreads = 512;
constexpr int kBuckets = kPlanThreads;

__device__ std::int32_t chunks_of(std::int32_t tokens) {
  return tokens / kChunkTokens + (tokens % kChunkTokens != 0);
}
__device__ std::int32_t chunks_of_segment(const GatedDeltaRuleInputs& in, std::int32_t segment) {
  return chunks_of(in.cu_seqlens[segment + 1] - in.cu_seqlens[segment]);
}

// Each length below 128 chunks has its own; beyond, 16 to a power of two. Descending.
__device__ int bucket_of(std::int32_t chunks) {
  if (chunks < 128) return kBuckets - 1 - chunks;
  const int power = 31 - __clz(chunks);
  return kBuckets - 1 - (128 + (power - 7) * 16 + (chunks >> (power - 4) & 15));
}

// The pieces of a segment: visit(first token within it, tokens).
template <class T, class Visit>
__device__ void for_each_piece(const FastDeltaRule<T>& rule, std::int32_t segment, Visit visit) {
  const std::int32_t tokens = rule.in.cu_seqlens[segment + 1] - rule.in.cu_seqlens[segment];
  const auto most = static_cast<std::int32_t>(rule.piece_tokens);
  for (std::int32_t first = 0; first < tokens; first += most)
    visit(first, min(tokens - first, most));
}

// Writes chunk_offsets; `buckets` counts the pieces. Returns all chunks.
template <class T>
__device__ std::int32_t count_chunks(const FastDeltaRule<T>& rule,
                                     std::int32_t (&buckets)[kBuckets]) {
  const auto thread = static_cast<std::int32_t>(threadIdx.x);
  std::int32_t before = 0;
  for (std::int32_t base = 0; base < rule.in.segments; base += kPlanThreads) {
    const std::int32_t segment = base + thread;
    const bool is_there = segment < rule.in.segments;
    const std::int32_t chunks = is_there ? chunks_of_segment(rule.in, segment) : 0;
    const BlockPrefix prefix = block_prefix<SumOf, kPlanThreads>(chunks);
    if (is_there) {
      rule.chunk_offsets[segment] = before + prefix.before;
      for_each_piece(rule, segment, [&](std::int32_t, std::int32_t tokens) {
        atomicAdd(&buckets[bucket_of(chunks_of(tokens))], 1);
      });
    }
    before += prefix.total;
  }
  return before;
}

template <class T>
__device__ void place_pieces(const FastDeltaRule<T>& rule, std::int32_t segment,
                             std::int32_t (&buckets)[kBuckets]) {
  const std::int32_t start = rule.in.cu_seqlens[segment], end = rule.in.cu_seqlens[segment + 1];
  for_each_piece(rule, segment, [&](std::int32_t first, std::int32_t tokens) {
    const PlannedPiece piece{start + first, tokens,
                             rule.chunk_offsets[segment] + first / kChunkTokens, segment};
    rule.pieces[atomicAdd(&buckets[bucket_of(chunks_of(tokens))], 1)] = piece;
    if (start + first + tokens < end)
      rule.slot_pieces[piece.first_token / rule.piece_tokens] = piece;
  });
}

template <class T>
__device__ void plan(const FastDeltaRule<T>& rule) {
  SIMT_SHARED(std::int32_t, buckets, [kBuckets]);
  const auto thread = static_cast<std::int32_t>(threadIdx.x);
  const GatedDeltaRuleInputs& in = rule.in;
  buckets[thread] = 0;
  for (std::int64_t slot = thread; slot < rule.slots; slot += kPlanThreads)
    rule.slot_pieces[slot] = {};
  __syncthreads();  // the buckets and slots are empty
  const std::int32_t chunks = count_chunks(rule, buckets);
  __syncthreads();  // the buckets are counted, the offsets written
  const BlockPrefix prefix = block_prefix<SumOf, kPlanThreads>(buckets[thread]);
  buckets[thread] = prefix.before;
  if (thread == 0) *rule.counts = {chunks, prefix.total, {0, 0}};
  __syncthreads();  // each bucket says where its next piece goes
  for (std::int32_t segment = thread; segment < in.segments; segment += kPlanThreads)
    place_pieces(rule, segment, buckets);
  for (std::int32_t chunk = thread; chunk < chunks; chunk += kPlanThreads) {
    const std::int32_t segment = segment_of(rule.chunk_offsets, in.segments - 1, chunk);
    const std::int32_t first =
        in.cu_seqlens[segment] + (chunk - rule.chunk_offsets[segment]) * kChunkTokens;
    rule.chunks[chunk] = {first, min(in.cu_seqlens[segment + 1] - first, kChunkTokens), segment, 0};
  }
  if (rule.slots == 0) return;
  auto* const zeros = reinterpret_cast<uint4*>(rule.zeros);
  for (int i = thread; i < 2 * kTileBytes / 16; i += kPlanThreads)
    zeros[i] = make_uint4(0, 0, 0, 0);
}

template <class T>
__device__ void zero_slack(const FastDeltaRule<T>& rule, T* o, unsigned block, unsigned blocks) {
  constexpr int kLanes = 16 / static_cast<int>(sizeof(T));
  const GatedDeltaRuleInputs& in = rule.in;
  const std::int64_t row = std::int64_t{in.value_heads} * in.value_dim;
  const float zeros[kLanes] = {};
  const std::int64_t step = std::int64_t{blocks} * kPlanThreads * kLanes;
  for (std::int64_t i = in.cu_seqlens[in.segments] * row +
                        (std::int64_t{block} * kPlanThreads + threadIdx.x) * kLanes;
       i < in.total_tokens * row; i += step)
    store_lanes(o + i, zeros);
}

template <class T>
__device__ void pass_states_of_empty_segments(const FastDeltaRule<T>& rule, float* final_state,
                                              unsigned block, unsigned blocks) {
  const GatedDeltaRuleInputs& in = rule.in;
  const std::int64_t size = std::int64_t{in.value_heads} * in.key_dim * in.value_dim;
  for (std::int32_t s = static_cast<std::int32_t>(block); s < in.segments;
       s += static_cast<std::int32_t>(blocks)) {
    if (chunks_of_segment(in, s) > 0) continue;
    for (std::int64_t i = threadIdx.x; i < size; i += kPlanThreads)
      final_state[s * size + i] = in.initial_state ? in.initial_state[s * size + i] : 0.0f;
  }
}

// Block 0 plans; the others fill what no chunk is for.
template <class T>
__global__ void __launch_bounds__(kPlanThreads)
    fast_plan_kernel(FastDeltaRule<T> rule, DeltaRuleOutputs out) {
  if (blockIdx.x == 0) {
    plan(rule);
    return;
  }
  const unsigned block = blockIdx.x - 1, blocks = gridDim.x - 1;
  zero_slack(rule, static_cast<T*>(out.o), block, blocks);
  if (out.final_state) pass_states_of_empty_segments(rule, out.final_state, block, blocks);
}

}  // namespace

template <class T>
void launch_fast_plan(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, Stream stream) {
  const GatedDeltaRuleInputs& in = rule.in;
  constexpr std::int64_t kMostFillers = 131, kElementsAFiller = 64 * 1024;
  const std::int64_t elements = in.total_tokens * in.value_heads * in.value_dim;
  const std::int64_t fillers =
      min(kMostFillers, 1 + elements / kElementsAFiller + in.segments / 16);
  simt::launch(fast_plan_kernel<T>, dim3(1 + static_cast<unsigned>(fillers)), dim3(kPlanThreads), 0,
               stream, rule, out);
}

#define PACKPROOF_INSTANTIATE(T)                                                               \
  template void launch_fast_plan<T>(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, \
                                    Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
