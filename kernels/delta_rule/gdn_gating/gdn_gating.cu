// A thread owns a group of neighbouring heads, 4 where the layout allows, and every so many tokens
// of its block's run, with what belongs to the heads in registers. The threads of a block stand
// side by side over heads and then over tokens: what they read and write together is one piece.
//
// Backward, in two stages without atomics, so that the same call gives the same bits: partial sums
// of dA_log and ddt_bias meet over a block's tokens in shared memory and leave as one row of the
// workspace a block; column_sums adds the rows.
#include "kernels/delta_rule/gdn_gating/gdn_gating_kernel.h"

#include <algorithm>
#include <initializer_list>

#include "kernels/device/tiles/column_sums.cuh"
#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/device/tiles/for_dtype.cuh"
#include "kernels/device/tiles/sigmoid.cuh"
#include "kernels/launch/alignment.h"
#include "kernels/launch/divide_up.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;
constexpr int kMostGroups = 64;     // head groups a block
constexpr int kLanesOfVectors = 4;  // 16 bytes of the fp32 tensors, which are most of the traffic
constexpr std::int64_t kForwardTokens = 4;  // of a thread
constexpr std::int64_t kAnyNumberOfBlocks = std::int64_t{1} << 40;
// Enough to fill a GPU several times over; more would only add partial sums.
constexpr std::int64_t kMostBackwardBlocks = 1024;

// How a grid is laid over [total_tokens, heads]: blockIdx.x takes runs of tokens, blockIdx.y
// blocks of head groups.
struct Tiling {
  int groups_in_block;
  int rows_in_block;  // tokens side by side; a power of two
  std::int64_t tokens_per_block;
  std::int64_t token_blocks;
  std::int64_t head_blocks;

  dim3 grid() const {
    return dim3(static_cast<unsigned>(token_blocks), static_cast<unsigned>(head_blocks));
  }
  dim3 block() const {
    return dim3(static_cast<unsigned>(groups_in_block), static_cast<unsigned>(rows_in_block));
  }
};

Tiling tiling_for(const GdnGatingInputs& in, int lanes, std::int64_t most_blocks) {
  const std::int64_t groups = in.heads / lanes;
  Tiling tiling = {};
  tiling.groups_in_block = static_cast<int>(std::min<std::int64_t>(groups, kMostGroups));
  tiling.rows_in_block = 1;
  while (2 * tiling.rows_in_block * tiling.groups_in_block <= kThreads) tiling.rows_in_block *= 2;
  const std::int64_t steps =
      std::max(kForwardTokens, divide_up(in.total_tokens, most_blocks * tiling.rows_in_block));
  tiling.tokens_per_block = steps * tiling.rows_in_block;
  tiling.token_blocks = divide_up(in.total_tokens, tiling.tokens_per_block);
  tiling.head_blocks = divide_up(groups, tiling.groups_in_block);
  return tiling;
}

// What a head's decay is made of. fp32 throughout: the outputs are.
struct Decay {
  float rate;  // exp(A_log)
  float bias;

  __device__ static Decay load(const GdnGatingInputs& in, std::int32_t head) {
    return {expf(in.A_log[head]), in.dt_bias[head]};
  }
  // max(v, 0) + log(1 + exp(-|v|)): no overflow for large v, no rounding to 0 for small.
  __device__ float g(float a) const {
    const float v = a + bias;
    return -rate * (fmaxf(v, 0.0f) + log1pf(expf(-fabsf(v))));
  }
  // dg / da.
  __device__ float slope(float a) const { return -rate * sigmoid<float>(a + bias).value; }
};

// A thread's place.
template <int kLanes>
struct Place {
  std::int32_t head;        // the first of its lanes
  std::int64_t token;       // its first
  std::int64_t last;        // exclusive
  std::int64_t last_valid;  // exclusive

  __device__ Place(const GdnGatingInputs& in, std::int64_t tokens_per_block) {
    head = static_cast<std::int32_t>(blockIdx.y * blockDim.x + threadIdx.x) * kLanes;
    const std::int64_t first = static_cast<std::int64_t>(blockIdx.x) * tokens_per_block;
    token = first + threadIdx.y;
    last = head < in.heads ? min(first + tokens_per_block, in.total_tokens) : token;
    last_valid = min(last, static_cast<std::int64_t>(in.cu_seqlens[in.segments]));
  }
};

template <class T, int kLanes>
__device__ inline void load_row(const T* rows, std::int64_t at, float (&lanes)[kLanes]) {
  Raw<T, kLanes>::load(rows + at).unpack(lanes);
}

template <class T, int kLanes>
__global__ void __launch_bounds__(kThreads)
    gdn_gating_kernel(GdnGatingParams p, std::int64_t tokens_per_block) {
  const GdnGatingInputs& in = p.in;
  const Place<kLanes> place(in, tokens_per_block);
  if (place.token >= place.last) return;
  Decay decay[kLanes];
#pragma unroll
  for (int i = 0; i < kLanes; ++i) decay[i] = Decay::load(in, place.head + i);

  for (std::int64_t token = place.token; token < place.last; token += blockDim.y) {
    const std::int64_t at = token * in.heads + place.head;
    float g[kLanes] = {}, beta[kLanes] = {};
    if (token < place.last_valid) {
      load_row(static_cast<const T*>(in.a), at, g);
      load_row(static_cast<const T*>(in.b), at, beta);
#pragma unroll
      for (int i = 0; i < kLanes; ++i) {
        g[i] = decay[i].g(g[i]);
        beta[i] = sigmoid<float>(beta[i]).value;
      }
    }
    store_lanes(p.g + at, g);
    store_lanes(p.beta + at, beta);
  }
}

// Stage 1. workspace: [token blocks, 2, heads]: sums for dA_log, then for ddt_bias.
// Shared memory: the sums of every thread, [2 * lanes, threads] floats.
template <class T, int kLanes>
__global__ void __launch_bounds__(kThreads)
    gdn_gating_backward_kernel(GdnGatingBackwardParams p, std::int64_t tokens_per_block) {
  const GdnGatingInputs& in = p.in;
  const Place<kLanes> place(in, tokens_per_block);
  float dA_log[kLanes] = {}, ddt_bias[kLanes] = {};
  if (place.token < place.last) {
    Decay decay[kLanes];
#pragma unroll
    for (int i = 0; i < kLanes; ++i) decay[i] = Decay::load(in, place.head + i);

    for (std::int64_t token = place.token; token < place.last; token += blockDim.y) {
      const std::int64_t at = token * in.heads + place.head;
      float da[kLanes] = {}, db[kLanes] = {};
      if (token < place.last_valid) {
        float a[kLanes], b[kLanes], dg[kLanes], dbeta[kLanes];
        load_row(static_cast<const T*>(in.a), at, a);
        load_row(static_cast<const T*>(in.b), at, b);
        load_row(p.dg, at, dg);
        load_row(p.dbeta, at, dbeta);
#pragma unroll
        for (int i = 0; i < kLanes; ++i) {
          da[i] = dg[i] * decay[i].slope(a[i]);
          const Sigmoid s = sigmoid<float>(b[i]);
          db[i] = dbeta[i] * s.value * s.complement;
          dA_log[i] = fmaf(dg[i], decay[i].g(a[i]), dA_log[i]);  // dg / dA_log is g itself
          ddt_bias[i] += da[i];
        }
      }
      store_lanes(static_cast<T*>(p.da) + at, da);
      store_lanes(static_cast<T*>(p.db) + at, db);
    }
  }

  SIMT_SHARED(float, sums, [2 * kLanes][kThreads]);
  const unsigned thread = threadIdx.y * blockDim.x + threadIdx.x;
#pragma unroll
  for (int i = 0; i < kLanes; ++i) {
    sums[i][thread] = dA_log[i];
    sums[kLanes + i][thread] = ddt_bias[i];
  }
  add_thread_rows(sums);
  if (threadIdx.y != 0 || place.head >= in.heads) return;
  float* row = p.workspace + static_cast<std::int64_t>(blockIdx.x) * 2 * in.heads + place.head;
#pragma unroll
  for (int i = 0; i < kLanes; ++i) {
    row[i] = sums[i][thread];
    row[in.heads + i] = sums[kLanes + i][thread];
  }
}

// Stage 2.
struct StoreHeadGradients {
  std::int64_t heads;
  float* dA_log;
  float* ddt_bias;

  __device__ void operator()(std::int64_t column, float sum) const {
    (column < heads ? dA_log[column] : ddt_bias[column - heads]) = sum;
  }
};

// Whether all of these places may be read and written 4 elements at a time. `narrow` hold T.
bool rows_allow_vectors(const GdnGatingInputs& in, std::initializer_list<const void*> narrow,
                        std::initializer_list<const void*> wide) {
  return in.heads % kLanesOfVectors == 0 &&
         all_aligned(narrow, kLanesOfVectors * size_of(in.dtype)) &&
         all_aligned(wide, kLanesOfVectors * sizeof(float));
}

// Calls launch.template operator()<T, kLanes>().
template <class Launch>
void for_dtype_and_lanes(DType dtype, bool vectors, Launch launch) {
  for_dtype(dtype, [&]<class T>() {
    if (vectors) return launch.template operator()<T, kLanesOfVectors>();
    return launch.template operator()<T, 1>();
  });
}

}  // namespace

void gdn_gating(const GdnGatingParams& params, Stream stream) {
  const bool vectors =
      rows_allow_vectors(params.in, {params.in.a, params.in.b}, {params.g, params.beta});
  for_dtype_and_lanes(params.in.dtype, vectors, [&]<class T, int kLanes>() {
    const Tiling tiling = tiling_for(params.in, kLanes, kAnyNumberOfBlocks);
    simt::launch(gdn_gating_kernel<T, kLanes>, tiling.grid(), tiling.block(), 0, stream, params,
                 tiling.tokens_per_block);
  });
}

std::size_t gdn_gating_backward_workspace_bytes(const GdnGatingInputs& inputs) {
  // Which kernel will run depends on alignment: take the larger of the two.
  std::int64_t token_blocks = tiling_for(inputs, 1, kMostBackwardBlocks).token_blocks;
  if (inputs.heads % kLanesOfVectors == 0)
    token_blocks = std::max(token_blocks,
                            tiling_for(inputs, kLanesOfVectors, kMostBackwardBlocks).token_blocks);
  return static_cast<std::size_t>(token_blocks) * 2 * static_cast<std::size_t>(inputs.heads) *
         sizeof(float);
}

void gdn_gating_backward(const GdnGatingBackwardParams& params, Stream stream) {
  const bool vectors = rows_allow_vectors(
      params.in, {params.in.a, params.in.b, params.da, params.db}, {params.dg, params.dbeta});
  for_dtype_and_lanes(params.in.dtype, vectors, [&]<class T, int kLanes>() {
    const Tiling tiling = tiling_for(params.in, kLanes, kMostBackwardBlocks);
    simt::launch(gdn_gating_backward_kernel<T, kLanes>, tiling.grid(), tiling.block(), 0, stream,
                 params, tiling.tokens_per_block);
    const std::int64_t heads = params.in.heads;
    launch_column_sums(
        {.sums = params.workspace, .rows = tiling.token_blocks, .columns = 2 * heads},
        StoreHeadGradients{heads, params.dA_log, params.ddt_bias}, stream);
  });
}

}  // namespace packproof::PACKPROOF_KERNELS
