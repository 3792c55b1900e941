// A thread finds the segment of its first token by bisection and walks from there; its two labels
// leave in one 16-byte store. No shared memory.
#include "kernels/layout/shift_labels/shift_labels_kernel.h"

#include "kernels/device/packed/segment_search.cuh"
#include "kernels/launch/divide_up.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;
constexpr std::int64_t kTokensPerThread = 2;
constexpr std::int64_t kIgnored = -100;
constexpr std::int64_t kPad = -1;

// What `token` of `segment` is to predict; a segment of `segments` is slack.
__device__ std::int64_t next_label(const ShiftLabelsParams& p, std::int32_t segment,
                                   std::int64_t token) {
  if (segment >= p.segments || token + 1 >= p.cu_seqlens[segment + 1]) return kIgnored;
  if (p.position_ids != nullptr &&
      (p.position_ids[token] == kPad || p.position_ids[token + 1] == kPad))
    return kIgnored;
  return p.labels[token + 1];
}

__global__ void __launch_bounds__(kThreads) shift_labels_kernel(ShiftLabelsParams p) {
  const std::int64_t first =
      (static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x) * kTokensPerThread;
  if (first >= p.total_tokens) return;

  std::int32_t segment = segment_of(p.cu_seqlens, p.segments, first);
  longlong2 shifted;
  shifted.x = next_label(p, segment, first);
  if (first + 1 == p.total_tokens) {
    p.shifted[first] = shifted.x;
    return;
  }
  while (segment < p.segments && p.cu_seqlens[segment + 1] <= first + 1) ++segment;
  shifted.y = next_label(p, segment, first + 1);
  *reinterpret_cast<longlong2*>(p.shifted + first) = shifted;
}

}  // namespace

void shift_labels(const ShiftLabelsParams& params, Stream stream) {
  const auto blocks =
      static_cast<unsigned>(divide_up(params.total_tokens, kThreads * kTokensPerThread));
  simt::launch(shift_labels_kernel, dim3(blocks), dim3(kThreads), 0, stream, params);
}

}  // namespace packproof::PACKPROOF_KERNELS
