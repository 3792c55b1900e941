// A group of lanes owns one head of one token, holds its features in registers and meets by
// shuffles: one pass over memory. The backward pass computes norm and gate again, which costs no
// memory, as x and z are needed anyway.
//
// Backward, in two stages without atomics, so that the same call gives the same bits: a block takes
// a run of rows, its lanes sum dweight for their features, the sums meet over the block and leave
// as one row of the workspace; column_sums adds the rows.
#include "kernels/norm/rms_norm_gated/rms_norm_gated_kernel.h"

#include <algorithm>

#include "kernels/device/tiles/column_sums.cuh"
#include "kernels/device/tiles/row_lanes.cuh"
#include "kernels/device/tiles/sigmoid.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kWarps = kRowThreads / 32;
// Enough to fill a GPU several times over; more would only add partial sums.
constexpr std::int64_t kMostBackwardBlocks = 1024;

template <class T>
__device__ inline float rounded(float value) {
  return to_float(from_float<T>(value));
}

__device__ inline std::int64_t valid_rows(const RmsNormGatedInputs& in) {
  return static_cast<std::int64_t>(in.cu_seqlens[in.segments]) * in.heads;
}

// rsqrt(mean x^2 + eps).
template <class Part>
__device__ inline float inverse_rms(RowGroup group, const Part& x, const RmsNormGatedInputs& in) {
  return rsqrtf(group.sum(x.dot(x)) / static_cast<float>(in.dim) + in.eps);
}

// Rows are token x head; each group takes one.
template <class T, int kLanes, int kPieces>
__global__ void __launch_bounds__(kRowThreads)
    rms_norm_gated_kernel(RmsNormGatedParams p, RowGroup group) {
  using Part = RowPart<T, kLanes, kPieces>;
  const RmsNormGatedInputs& in = p.in;
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * group.groups() + group.group();
  const bool valid = row < valid_rows(in);
  const Part x = Part::load(group, in.x, row, in.dim, valid);
  const Part z = Part::load(group, in.z, row, in.dim, valid);
  Part y = Part::load(group, in.weight, 0, in.dim, valid);
  const float scale = inverse_rms(group, x, in);
  Part::for_each([&](int piece, int i) {
    const float norm = rounded<T>(x.values[piece][i] * scale);
    const float gate = z.values[piece][i];
    float& value = y.values[piece][i];
    value = valid ? rounded<T>(value * norm) * (gate * sigmoid<T>(gate).value) : 0.0f;
  });
  if (row < in.total_tokens * in.heads) y.store(group, p.y, row, in.dim);
}

// Adds up what the lanes of a block that hold the same features summed, and writes it to
// `workspace` [dim]. All threads of the block must call.
// Shared memory: the sums of every warp, [warps, features] floats.
template <class Part, int kFeatures>
__device__ inline void store_block_sums(RowGroup group, Part& sums, int dim, float* workspace) {
  Part::for_each([&](int piece, int i) {
    float& sum = sums.values[piece][i];
    for (int distance = group.lanes(); distance < 32; distance *= 2)
      sum += __shfl_xor_sync(0xffffffffu, sum, distance);
  });
  SIMT_SHARED(float, of_warps, [kWarps][kFeatures]);
  const int warp = static_cast<int>(threadIdx.x) / 32;
  if (static_cast<int>(threadIdx.x) % 32 < group.lanes())
    Part::for_each([&](int piece, int i) {
      of_warps[warp][Part::first(group, piece) + i] = sums.values[piece][i];
    });
  __syncthreads();  // every warp's sums are there
  for (int feature = static_cast<int>(threadIdx.x); feature < dim; feature += kRowThreads) {
    float sum = 0.0f;
#pragma unroll
    for (int w = 0; w < kWarps; ++w) sum += of_warps[w][feature];
    workspace[feature] = sum;
  }
}

// Stage 1. workspace: [blocks, dim]. With n = x scale, s = sigmoid(z), h = dy weight silu(z):
//   dx = scale (h - n mean(h n)), dz = dy n weight silu'(z), dweight = sum dy n silu(z).
template <class T, int kLanes, int kPieces>
__global__ void __launch_bounds__(kRowThreads)
    rms_norm_gated_backward_kernel(RmsNormGatedBackwardParams p, RowGroup group,
                                   std::int64_t rows_per_block) {
  using Part = RowPart<T, kLanes, kPieces>;
  const RmsNormGatedInputs& in = p.in;
  const std::int64_t valid_end = valid_rows(in);
  const std::int64_t first = static_cast<std::int64_t>(blockIdx.x) * rows_per_block;
  const std::int64_t last = min(first + rows_per_block, in.total_tokens * in.heads);  // exclusive
  Part dweight = Part::load(group, nullptr, 0, 0, false);

  // All lanes of a warp turn together, as they meet in the sums.
  for (std::int64_t of_block = first; of_block < last; of_block += group.groups()) {
    const std::int64_t row = of_block + group.group();
    // Blocks take whole turns: a row at or beyond `last` is beyond all tokens.
    const bool valid = row < valid_end;
    Part x = Part::load(group, in.x, row, in.dim, valid);
    Part z = Part::load(group, in.z, row, in.dim, valid);
    Part dy = Part::load(group, p.dy, row, in.dim, valid);
    // From the cache for each row: registers are short here.
    const Part weight = Part::load(group, in.weight, 0, in.dim, true);
    const float scale = inverse_rms(group, x, in);
    // x becomes n, z becomes dz, dy becomes h.
    Part::for_each([&](int piece, int i) {
      float& norm = x.values[piece][i];
      float& gate = z.values[piece][i];
      float& upstream = dy.values[piece][i];
      norm *= scale;
      const Sigmoid s = sigmoid<T>(gate);
      const float silu = gate * s.value;
      const float slope = s.value * fmaf(gate, s.complement, 1.0f);
      dweight.values[piece][i] = fmaf(upstream * norm, silu, dweight.values[piece][i]);
      gate = upstream * norm * weight.values[piece][i] * slope;
      upstream *= weight.values[piece][i] * silu;
    });
    const float along = group.sum(x.dot(dy)) / static_cast<float>(in.dim);
    Part::for_each([&](int piece, int i) {
      float& dx = x.values[piece][i];
      dx = valid ? scale * fmaf(-along, dx, dy.values[piece][i]) : 0.0f;
      if (!valid) z.values[piece][i] = 0.0f;  // not minus zero
    });
    if (row < last) {
      x.store(group, p.dx, row, in.dim);
      z.store(group, p.dz, row, in.dim);
    }
  }
  store_block_sums<Part, 32 * kLanes * kPieces>(
      group, dweight, in.dim, p.workspace + static_cast<std::int64_t>(blockIdx.x) * in.dim);
}

// Stage 2.
template <class T>
struct StoreWeightGradient {
  T* dweight;
  float* unrounded;

  __device__ void operator()(std::int64_t feature, float sum) const {
    if (dweight != nullptr) dweight[feature] = from_float<T>(sum);
    if (unrounded != nullptr) unrounded[feature] = sum;
  }
};

// How stage 1 is laid over the rows.
struct Tiling {
  std::int64_t rows_per_block;
  std::int64_t blocks;
};

Tiling tiling_for(const RmsNormGatedInputs& in, int lanes_log2) {
  const std::int64_t rows = in.total_tokens * in.heads;
  const std::int64_t groups = kRowThreads >> lanes_log2;
  const std::int64_t steps =
      std::max<std::int64_t>(divide_up(rows, groups * kMostBackwardBlocks), 1);
  return {steps * groups, divide_up(rows, steps * groups)};
}

}  // namespace

void rms_norm_gated(const RmsNormGatedParams& params, Stream stream) {
  const RmsNormGatedInputs& in = params.in;
  for_row_parts(in.dtype, in.dim, {in.x, in.z, in.weight, params.y},
                [&]<class T, int kLanes, int kPieces>(int lanes_log2) {
                  const std::int64_t blocks =
                      divide_up(in.total_tokens * in.heads, kRowThreads >> lanes_log2);
                  simt::launch(rms_norm_gated_kernel<T, kLanes, kPieces>,
                               dim3(static_cast<unsigned>(blocks)), dim3(kRowThreads), 0, stream,
                               params, RowGroup{lanes_log2});
                });
}

std::size_t rms_norm_gated_backward_workspace_bytes(const RmsNormGatedInputs& inputs) {
  // Which kernel will run depends on alignment: take the larger of the two.
  const int lanes_of_vectors = kRowAccessBytes / static_cast<int>(size_of(inputs.dtype));
  const std::int64_t blocks =
      std::max(tiling_for(inputs, row_lanes_log2(inputs.dim, 1)).blocks,
               tiling_for(inputs, row_lanes_log2(inputs.dim, lanes_of_vectors)).blocks);
  return static_cast<std::size_t>(blocks) * static_cast<std::size_t>(inputs.dim) * sizeof(float);
}

void rms_norm_gated_backward(const RmsNormGatedBackwardParams& params, Stream stream) {
  const RmsNormGatedInputs& in = params.in;
  for_row_parts(in.dtype, in.dim, {in.x, in.z, in.weight, params.dy, params.dx, params.dz},
                [&]<class T, int kLanes, int kPieces>(int lanes_log2) {
                  const Tiling tiling = tiling_for(in, lanes_log2);
                  simt::launch(rms_norm_gated_backward_kernel<T, kLanes, kPieces>,
                               dim3(static_cast<unsigned>(tiling.blocks)), dim3(kRowThreads), 0,
                               stream, params, RowGroup{lanes_log2}, tiling.rows_per_block);
                  launch_column_sums(
                      {.sums = params.workspace, .rows = tiling.blocks, .columns = in.dim},
                      StoreWeightGradient<T>{static_cast<T*>(params.dweight), params.dweight_sum},
                      stream);
                });
}

}  // namespace packproof::PACKPROOF_KERNELS
