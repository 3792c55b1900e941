// Where chunks begin, and in which order segments are scanned: by chunks, the most first, so that
// what is begun last is short. Nothing depends on the order among equals.
#include "kernels/chunk_gated_delta_rule/fast_delta_rule.cuh"
#include "kernels/device/block_prefix.cuh"
#include "kernels/device/float_lanes.cuh"
#include "kernels/device/segment_search.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kPlanThreads = 512;
constexpr int kBuckets = kPlanThreads;

__device__ std::int32_t chunks_of_segment(const GatedDeltaRuleInputs& in, std::int32_t segment) {
  const std::int32_t tokens = in.cu_seqlens[segment + 1] - in.cu_seqlens[segment];
  return tokens / kChunkTokens + (tokens % kChunkTokens != 0);
}

// Each length below 128 chunks has its own; beyond, 16 to a power of two. Descending.
__device__ int bucket_of(std::int32_t chunks) {
  if (chunks < 128) return kBuckets - 1 - chunks;
  const int power = 31 - __clz(chunks);
  return kBuckets - 1 - (128 + (power - 7) * 16 + (chunks >> (power - 4) & 15));
}

// Writes chunk_offsets; `buckets` counts the segments that are not empty. Returns all chunks.
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
    if (is_there) rule.chunk_offsets[segment] = before + prefix.before;
    if (chunks > 0) atomicAdd(&buckets[bucket_of(chunks)], 1);
    before += prefix.total;
  }
  return before;
}

template <class T>
__device__ void plan(const FastDeltaRule<T>& rule) {
  SIMT_SHARED(std::int32_t, buckets, [kBuckets]);
  const auto thread = static_cast<std::int32_t>(threadIdx.x);
  const GatedDeltaRuleInputs& in = rule.in;
  buckets[thread] = 0;
  __syncthreads();  // the buckets are empty
  const std::int32_t chunks = count_chunks(rule, buckets);
  __syncthreads();  // the buckets are counted, the offsets written
  const BlockPrefix prefix = block_prefix<SumOf, kPlanThreads>(buckets[thread]);
  buckets[thread] = prefix.before;
  if (thread == 0) *rule.counts = {chunks, prefix.total, 0};
  __syncthreads();  // each bucket says where its next segment goes
  for (std::int32_t segment = thread; segment < in.segments; segment += kPlanThreads) {
    const std::int32_t own = chunks_of_segment(in, segment);
    if (own == 0) continue;
    const std::int32_t first = in.cu_seqlens[segment];
    rule.segments[atomicAdd(&buckets[bucket_of(own)], 1)] = {
        first, in.cu_seqlens[segment + 1] - first, rule.chunk_offsets[segment], segment};
  }
  for (std::int32_t chunk = thread; chunk < chunks; chunk += kPlanThreads) {
    const std::int32_t segment = segment_of(rule.chunk_offsets, in.segments - 1, chunk);
    const std::int32_t first =
        in.cu_seqlens[segment] + (chunk - rule.chunk_offsets[segment]) * kChunkTokens;
    rule.chunks[chunk] = {first, min(in.cu_seqlens[segment + 1] - first, kChunkTokens), segment, 0};
  }
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
