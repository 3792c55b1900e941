// Backward, in two stages without atomics, so that the same call gives the same bits.
//
// With u the pre-activation and g = dy * act'(u), recomputed from x:
//   dx[i] = sum_j g[i + width - 1 - j] * weight[j] over tokens of i's segment (+ dfinal_state),
//   dweight[j] = sum_t g[t] * x[t - (width - 1) + j], dbias = sum_t g[t].
// dinitial_state is dx continued to the width - 1 rows before a segment's start.
//
// Stage 1: a block owns blockDim.x channel groups and blockDim.y runs of tokens; a thread walks one
// run of one group. Its partial sums of dweight and dbias meet over the block's runs in shared
// memory and leave as one row of the workspace a block. Stage 2 adds those rows in a fixed order.
// 4 channels a thread, not 16 bytes: window, taps and sums of 8 would not fit in registers.
#include "kernels/conv/causal_conv1d/causal_conv1d_kernel.h"

#include <algorithm>

#include "kernels/conv/causal_conv1d/causal_conv1d_device.cuh"
#include "kernels/device/packed/segment_search.cuh"
#include "kernels/device/tiles/column_sums.cuh"
#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 128;
constexpr int kMostGroups = 32;  // channel groups a block
constexpr int kLanesOfVectors = 4;

constexpr std::int64_t kWantedThreads = std::int64_t{1} << 18;
constexpr std::int64_t kShortestRun = 8;  // each rereads and recomputes width - 1 rows
constexpr std::int64_t kLongestRun = 128;

// How stage 1 is laid over [total_tokens, channels].
struct Tiling {
  int lanes;            // channels a thread
  int groups_in_block;  // a power of two, as is runs_in_block
  int runs_in_block;
  std::int64_t tokens_per_run;
  std::int64_t token_blocks;
  std::int64_t channel_blocks;
};

Tiling tiling_for(const CausalConv1dInputs& in, int lanes) {
  const std::int64_t groups = in.channels / lanes;
  int groups_in_block = 1;
  while (groups_in_block < std::min<std::int64_t>(groups, kMostGroups)) groups_in_block *= 2;
  const int runs_in_block = kThreads / groups_in_block;
  const std::int64_t tokens_per_run =
      std::clamp(in.total_tokens * groups / kWantedThreads, kShortestRun, kLongestRun);
  return {lanes,
          groups_in_block,
          runs_in_block,
          tokens_per_run,
          divide_up(in.total_tokens, tokens_per_run * runs_in_block),
          divide_up(groups, groups_in_block)};
}

// The gradients of one thread's channels, and where they go.
template <class T, int kWidth, int kLanes>
struct BackwardWalk {
  const CausalConv1dBackwardParams& p;
  std::int32_t channel;
  Taps<T, kWidth, kLanes> taps;
  float (&dweight)[kWidth][kLanes];
  float (&dbias)[kLanes];

  __device__ std::int64_t state_at(std::int32_t segment, int lane, std::int64_t place) const {
    return (static_cast<std::int64_t>(segment) * p.in.channels + channel + lane) * (kWidth - 1) +
           place;
  }

  // A finished gradient row: of x, or, before `start`, of the initial state. Rows before `from` but
  // not before `start` are another thread's, and so is the state unless this one owns `start`.
  __device__ void emit(std::int32_t segment, std::int64_t start, std::int64_t from,
                       std::int64_t row, const float (&gradient)[kLanes]) const {
    if (row >= from) {
      store_lanes(static_cast<T*>(p.dx) + row * p.in.channels + channel, gradient);
    } else if (row < start && from == start && p.dinitial_state) {
#pragma unroll
      for (int i = 0; i < kLanes; ++i)
        static_cast<T*>(p.dinitial_state)[state_at(segment, i, row - start + (kWidth - 1))] =
            from_float<T>(gradient[i]);
    }
  }

  // Gradients of the rows [from, to), all in `segment` = [start, end). Reads on to `to` + width - 2
  // where the segment goes on, since those tokens read our rows.
  __device__ void walk(std::int32_t segment, std::int64_t start, std::int64_t end,
                       std::int64_t from, std::int64_t to) {
    const T* x = static_cast<const T*>(p.in.x) + channel;
    const T* dy = static_cast<const T*>(p.dy) + channel;
    const std::int64_t stop = min(end, to + (kWidth - 1));
    float window[kWidth][kLanes];
    load_history<T>(p.in, segment, start, from, channel, window);
    // pending[m]: the gradient of row t - (width - 1) + m, as far as tokens before t give it.
    float pending[kWidth][kLanes] = {};

    Raw<T, kLanes> x_row = Raw<T, kLanes>::load(x + from * p.in.x_row_stride);
    Raw<T, kLanes> dy_row = Raw<T, kLanes>::load(dy + from * p.dy_row_stride);
    for (std::int64_t t = from; t < stop; ++t) {
      x_row.unpack(window[kWidth - 1]);
      float g[kLanes];
      dy_row.unpack(g);
      if (t + 1 < stop) {  // the next row is under way while this one is worked on
        x_row = Raw<T, kLanes>::load(x + (t + 1) * p.in.x_row_stride);
        dy_row = Raw<T, kLanes>::load(dy + (t + 1) * p.dy_row_stride);
      }
#pragma unroll
      for (int i = 0; i < kLanes; ++i) {
        g[i] *= activation_slope<T>(p.in.activation, taps.preactivation(window, i));
        pending[kWidth - 1][i] = 0.0f;
#pragma unroll
        for (int m = 0; m < kWidth; ++m)
          pending[m][i] = fmaf(g[i], taps.weight[m][i], pending[m][i]);
      }
      if (t < to) {
#pragma unroll
        for (int i = 0; i < kLanes; ++i) {
          dbias[i] += g[i];
#pragma unroll
          for (int j = 0; j < kWidth; ++j) dweight[j][i] = fmaf(g[i], window[j][i], dweight[j][i]);
        }
      }
      emit(segment, start, from, t - (kWidth - 1), pending[0]);
      slide(window);
      slide(pending);
    }

    if (stop < end) return;
#pragma unroll
    for (int m = 0; m < kWidth - 1; ++m) {  // the last rows; the final state is a copy of them
      const std::int64_t row = end - (kWidth - 1) + m;
      if (row >= to) break;
      if (p.dfinal_state) {
#pragma unroll
        for (int i = 0; i < kLanes; ++i)
          pending[m][i] += to_float(static_cast<const T*>(p.dfinal_state)[state_at(segment, i, m)]);
      }
      emit(segment, start, from, row, pending[m]);
    }
  }
};

// Stage 1. Grid: (token blocks, channel blocks). workspace: [token blocks, width + 1, channels].
// Shared memory: the sums of every thread, [(width + 1) * lanes, threads] floats.
template <class T, int kWidth, int kLanes>
__global__ void __launch_bounds__(kThreads)
    causal_conv1d_backward_kernel(CausalConv1dBackwardParams p, std::int64_t tokens_per_run) {
  const CausalConv1dInputs& in = p.in;
  const auto channel = static_cast<std::int32_t>(blockIdx.y * blockDim.x + threadIdx.x) * kLanes;
  const std::int64_t run = static_cast<std::int64_t>(blockIdx.x) * blockDim.y + threadIdx.y;
  const std::int64_t first = run * tokens_per_run;
  const std::int64_t last = min(first + tokens_per_run, in.total_tokens);  // exclusive
  const std::int64_t last_valid = min(last, static_cast<std::int64_t>(in.cu_seqlens[in.segments]));

  float dweight[kWidth][kLanes] = {};
  float dbias[kLanes] = {};
  if (channel < in.channels && first < last) {
    if (first < last_valid) {
      BackwardWalk<T, kWidth, kLanes> walker{
          p, channel, {in.weight, in.bias, channel}, dweight, dbias};
      std::int32_t segment = segment_of(in.cu_seqlens, in.segments, first);
      for (std::int64_t token = first; token < last_valid;) {
        segment = advance_segment(in.cu_seqlens, segment, token);
        const std::int64_t end = in.cu_seqlens[segment + 1];
        walker.walk(segment, in.cu_seqlens[segment], end, token, min(end, last_valid));
        token = end;
      }
    }
    const float zeros[kLanes] = {};
    for (std::int64_t token = max(first, last_valid); token < last; ++token)
      store_lanes(static_cast<T*>(p.dx) + token * in.channels + channel, zeros);
  }

  SIMT_SHARED(float, sums, [(kWidth + 1) * kLanes][kThreads]);
  const unsigned thread = threadIdx.y * blockDim.x + threadIdx.x;
#pragma unroll
  for (int i = 0; i < kLanes; ++i) {
#pragma unroll
    for (int j = 0; j < kWidth; ++j) sums[j * kLanes + i][thread] = dweight[j][i];
    sums[kWidth * kLanes + i][thread] = dbias[i];
  }
  add_thread_rows(sums);
  if (threadIdx.y == 0 && channel < in.channels) {
#pragma unroll
    for (int j = 0; j <= kWidth; ++j) {
      float* row =
          p.workspace + (static_cast<std::int64_t>(blockIdx.x) * (kWidth + 1) + j) * in.channels;
#pragma unroll
      for (int i = 0; i < kLanes; ++i) row[channel + i] = sums[j * kLanes + i][thread];
    }
  }
}

// Stage 2. A column is a tap, or the bias, of one channel.
template <class T>
struct StoreWeightGradient {
  std::int32_t channels;
  std::int32_t width;
  T* dweight;
  T* dbias;

  __device__ void operator()(std::int64_t column, float sum) const {
    const std::int64_t tap = column / channels;
    const std::int64_t channel = column - tap * channels;
    if (tap < width) {
      dweight[channel * width + tap] = from_float<T>(sum);
    } else if (dbias) {
      dbias[channel] = from_float<T>(sum);
    }
  }
};

// An empty segment hands its initial state on as its final state; no token's thread sees it. A
// thread owns one element of dinitial_state.
template <class T>
__global__ void __launch_bounds__(kThreads)
    empty_segment_gradient_kernel(CausalConv1dBackwardParams p) {
  const std::int64_t in_segment = static_cast<std::int64_t>(p.in.channels) * (p.in.width - 1);
  const std::int64_t at = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  const std::int64_t segment = at / in_segment;
  if (segment >= p.in.segments || p.in.cu_seqlens[segment] != p.in.cu_seqlens[segment + 1]) return;
  static_cast<T*>(p.dinitial_state)[at] =
      p.dfinal_state ? static_cast<const T*>(p.dfinal_state)[at] : from_float<T>(0.0f);
}

template <class T, int kWidth, int kLanes>
void launch_backward(const CausalConv1dBackwardParams& params, Stream stream) {
  const Tiling tiling = tiling_for(params.in, kLanes);
  simt::launch(causal_conv1d_backward_kernel<T, kWidth, kLanes>,
               dim3(static_cast<unsigned>(tiling.token_blocks),
                    static_cast<unsigned>(tiling.channel_blocks)),
               dim3(static_cast<unsigned>(tiling.groups_in_block),
                    static_cast<unsigned>(tiling.runs_in_block)),
               0, stream, params, tiling.tokens_per_run);
  launch_column_sums({.sums = params.workspace,
                      .rows = tiling.token_blocks,
                      .columns = static_cast<std::int64_t>(kWidth + 1) * params.in.channels},
                     StoreWeightGradient<T>{.channels = params.in.channels,
                                            .width = kWidth,
                                            .dweight = static_cast<T*>(params.dweight),
                                            .dbias = static_cast<T*>(params.dbias)},
                     stream);
}

}  // namespace

std::size_t causal_conv1d_backward_workspace_bytes(const CausalConv1dInputs& inputs) {
  // Which kernel will run depends on alignment: take the larger of the two.
  std::int64_t token_blocks = tiling_for(inputs, 1).token_blocks;
  if (inputs.channels % kLanesOfVectors == 0)
    token_blocks = std::max(token_blocks, tiling_for(inputs, kLanesOfVectors).token_blocks);
  return static_cast<std::size_t>(token_blocks) * static_cast<std::size_t>(inputs.width + 1) *
         static_cast<std::size_t>(inputs.channels) * sizeof(float);
}

void causal_conv1d_backward(const CausalConv1dBackwardParams& params, Stream stream) {
  for_dtype_and_width(params.in.dtype, params.in.width, [&]<class T, int kWidth>() {
    if (params.in.x_row_stride % kLanesOfVectors == 0 &&
        params.dy_row_stride % kLanesOfVectors == 0 &&
        rows_allow_lanes(params.in.dtype, params.in.channels, kLanesOfVectors,
                         {params.in.x, params.in.weight, params.in.bias, params.dy, params.dx})) {
      launch_backward<T, kWidth, kLanesOfVectors>(params, stream);
    } else {
      launch_backward<T, kWidth, 1>(params, stream);
    }
    if (params.dinitial_state) {
      const std::int64_t elements = static_cast<std::int64_t>(params.in.segments) *
                                    params.in.channels * (params.in.width - 1);
      simt::launch(empty_segment_gradient_kernel<T>,
                   dim3(static_cast<unsigned>(divide_up(elements, kThreads))), dim3(kThreads), 0,
                   stream, params);
    }
  });
}

}  // namespace packproof::PACKPROOF_KERNELS
