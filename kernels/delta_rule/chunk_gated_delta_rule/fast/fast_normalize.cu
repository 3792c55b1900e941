// q and k divided by their lengths, and these.
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_backward.cuh"
#include "kernels/device/tiles/float_lanes.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kNormalizeThreads = 128;
constexpr float kNormEpsilon = 1e-6f;

// A warp a row of q or k. Grid: rows / 4; y = 0 for q, 1 for k.
template <class T>
__global__ void __launch_bounds__(kNormalizeThreads) fast_normalize_kernel(FastBackward<T> b) {
  const GatedDeltaRuleInputs& in = b.rule.in;
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * 4 + threadIdx.x / 32;
  if (row >= static_cast<std::int64_t>(in.cu_seqlens[in.segments]) * in.key_heads) return;
  const bool is_query = blockIdx.y == 0;
  const T* from = (is_query ? b.raw_q : b.raw_k) + row * in.key_dim;
  T* to = const_cast<T*>(static_cast<const T*>(is_query ? in.q : in.k)) + row * in.key_dim;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  float squares = 0.0f;
  for (int d = lane; d < in.key_dim; d += 32) {
    const float x = to_float(from[d]);
    squares = fmaf(x, x, squares);
  }
  for (int distance = 16; distance > 0; distance /= 2)
    squares += __shfl_xor_sync(0xffffffffu, squares, distance);
  const float norm = 1.0f / sqrtf(squares + kNormEpsilon);
  if (lane == 0) (is_query ? b.query_norms : b.key_norms)[row] = norm;
  for (int d = lane; d < in.key_dim; d += 32) to[d] = from_float<T>(to_float(from[d]) * norm);
}

}  // namespace

template <class T>
void launch_fast_normalize(const FastBackward<T>& b, Stream stream) {
  if (!b.query_norms || b.rule.in.total_tokens == 0) return;
  const std::int64_t rows = b.rule.in.total_tokens * b.rule.in.key_heads;
  simt::launch(fast_normalize_kernel<T>, dim3(static_cast<unsigned>((rows + 3) / 4), 2),
               dim3(kNormalizeThreads), 0, stream, b);
}

#define PACKPROOF_INSTANTIATE(T) \
  template void launch_fast_normalize<T>(const FastBackward<T>& b, Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
