// A group of lanes owns one head of one token, holds its features in registers and meets by
// shuffles: one pass over memory, no shared memory, no barriers. The backward pass computes the
// norm again, which costs no memory, as x is needed anyway.
#include "kernels/norm/l2norm/l2norm_kernel.h"

#include "kernels/device/tiles/row_lanes.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

// Rows are token x head. Those of slack load as zeros, and so come out as zeros.
struct RowRange {
  std::int64_t row;
  bool there;  // the row exists
  bool valid;  // and belongs to a segment
};

__device__ inline RowRange row_of_group(const L2NormInputs& in, RowGroup group) {
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * group.groups() + group.group();
  return {row, row < in.total_tokens * in.heads,
          row < static_cast<std::int64_t>(in.cu_seqlens[in.segments]) * in.heads};
}

template <class T, int kLanes, int kPieces>
__global__ void __launch_bounds__(kRowThreads) l2norm_kernel(L2NormParams p, RowGroup group) {
  const RowRange at = row_of_group(p.in, group);
  auto x = RowPart<T, kLanes, kPieces>::load(group, p.in.x, at.row, p.in.dim, at.valid);
  const float scale = rsqrtf(group.sum(x.dot(x)) + p.in.eps);
  x.for_each([&](int piece, int i) { x.values[piece][i] *= scale; });
  if (at.there) x.store(group, p.y, at.row, p.in.dim);
}

// With s = rsqrt(sum x^2 + eps): dx = s (dy - x s^2 (x . dy)). At x = 0 that is dy / sqrt(eps):
// nothing is divided by the norm itself.
template <class T, int kLanes, int kPieces>
__global__ void __launch_bounds__(kRowThreads)
    l2norm_backward_kernel(L2NormBackwardParams p, RowGroup group) {
  using Part = RowPart<T, kLanes, kPieces>;
  const RowRange at = row_of_group(p.in, group);
  const Part x = Part::load(group, p.in.x, at.row, p.in.dim, at.valid);
  Part dy = Part::load(group, p.dy, at.row, p.in.dim, at.valid);
  const float scale = rsqrtf(group.sum(x.dot(x)) + p.in.eps);
  const float along = scale * scale * group.sum(x.dot(dy));
  Part::for_each([&](int piece, int i) {
    dy.values[piece][i] = scale * fmaf(-along, x.values[piece][i], dy.values[piece][i]);
  });
  if (at.there) dy.store(group, p.dx, at.row, p.in.dim);
}

dim3 grid_for(const L2NormInputs& in, int lanes_log2) {
  return dim3(
      static_cast<unsigned>(divide_up(in.total_tokens * in.heads, kRowThreads >> lanes_log2)));
}

}  // namespace

void l2norm(const L2NormParams& params, Stream stream) {
  for_row_parts(params.in.dtype, params.in.dim, {params.in.x, params.y},
                [&]<class T, int kLanes, int kPieces>(int lanes_log2) {
                  simt::launch(l2norm_kernel<T, kLanes, kPieces>, grid_for(params.in, lanes_log2),
                               dim3(kRowThreads), 0, stream, params, RowGroup{lanes_log2});
                });
}

void l2norm_backward(const L2NormBackwardParams& params, Stream stream) {
  for_row_parts(params.in.dtype, params.in.dim, {params.in.x, params.dy, params.dx},
                [&]<class T, int kLanes, int kPieces>(int lanes_log2) {
                  simt::launch(l2norm_backward_kernel<T, kLanes, kPieces>,
                               grid_for(params.in, lanes_log2), dim3(kRowThreads), 0, stream,
                               params, RowGroup{lanes_log2});
                });
}

}  // namespace packproof::PACKPROOF_KERNELS
