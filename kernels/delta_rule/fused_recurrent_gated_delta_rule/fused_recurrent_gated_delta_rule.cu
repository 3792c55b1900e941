// A warp owns some value columns of the state of one segment and value head, and is a block of its
// own: columns never meet, so one sequence of one head already spreads over several multiprocessors
// and many sequences fill them. The columns stay in registers from the first token to the last:
// read once, written back once, 16 bytes at a time. Nobody else sees them, so the state can change
// in place: no shared memory, no barriers.
//
// Lanes stand in a grid: those of one row group hold the same four columns and share out the key
// dimension, over which S^T k and S^T q meet by shuffles; there is one group for each four columns
// of the warp. However long the key dimension, a lane holds 64 numbers of the state.
//
// Which rows are slack is known on the device alone: a few more blocks clear those that are.
#include "kernels/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_kernel.h"

#include <algorithm>
#include <bit>

#include "kernels/device/tiles/row_lanes.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kWarp = 32;
constexpr int kColumns = 4;  // of a lane: 16 bytes of a row of the state
constexpr int kRows = 16;    // of a lane: key features
constexpr std::int64_t kSlackBlocks = 128;
constexpr float kNormEpsilon = 1e-6f;

// How a warp shares out its part of a state with kKeyDim rows.
template <int kKeyDim>
struct WarpTile {
  static constexpr int kRowLanes = kKeyDim / kRows;
  static constexpr int kRowLanesLog2 = std::countr_zero(static_cast<unsigned>(kRowLanes));
  static constexpr int kTileColumns = kWarp / kRowLanes * kColumns;

  __device__ static RowGroup group() { return {kRowLanesLog2}; }
  // First of the lane's columns in the warp's.
  __device__ static int column() {
    return (static_cast<int>(threadIdx.x) >> kRowLanesLog2) * kColumns;
  }
};

// A lane's share of q and k: the same rows that it has of the state.
template <class T>
using KeyPart = RowPart<T, kRowAccessBytes / static_cast<int>(sizeof(T)),
                        kRows* static_cast<int>(sizeof(T)) / kRowAccessBytes>;

// Where one lane works.
struct LanePlace {
  std::int32_t head, key_head;
  std::int32_t column;  // first of the lane's four, in the head
};

// What one token brings to a lane.
template <class T>
struct Token {
  KeyPart<T> q, k;
  float v[kColumns];
  float g, beta;

  template <int kKeyDim>
  __device__ static Token load(const FusedRecurrentParams& p, const LanePlace& place,
                               std::int64_t token) {
    const RowGroup group = WarpTile<kKeyDim>::group();
    const std::int64_t key_row = token * p.key_heads + place.key_head;
    const std::int64_t row = token * p.value_heads + place.head;
    Token x;
    x.q = KeyPart<T>::load(group, p.q, key_row, kKeyDim, /*there=*/true);
    x.k = KeyPart<T>::load(group, p.k, key_row, kKeyDim, /*there=*/true);
    Raw<T, kColumns>::load(static_cast<const T*>(p.v) + row * p.value_dim + place.column)
        .unpack(x.v);
    x.g = p.g[row];
    x.beta = p.beta[row];
    return x;
  }
};

// A lane's share of the state: 16 rows of four columns.
template <class T, int kKeyDim>
struct StatePart {
  float values[kRows][kColumns];

  // visit(row of the lane, piece, lane of the piece): where KeyPart holds the same row.
  template <class Visit>
  __device__ static void for_each_row(Visit visit) {
    constexpr int kLanes = kRowAccessBytes / static_cast<int>(sizeof(T));
    KeyPart<T>::for_each([&](int piece, int i) { visit(piece * kLanes + i, piece, i); });
  }
  // Row in the head.
  __device__ static std::int64_t row_of(int piece, int i) {
    return KeyPart<T>::first(WarpTile<kKeyDim>::group(), piece) + i;
  }

  __device__ static StatePart load(const float* state, std::int32_t value_dim) {
    StatePart part;
    for_each_row([&](int row, int piece, int i) {
      Raw<float, kColumns>::load(state + row_of(piece, i) * value_dim).unpack(part.values[row]);
    });
    return part;
  }
  __device__ void store(float* state, std::int32_t value_dim) const {
    for_each_row([&](int row, int piece, int i) {
      store_lanes(state + row_of(piece, i) * value_dim, values[row]);
    });
  }

  // Decays; `retrieved` becomes S^T k, the same in all lanes of the group.
  __device__ void decay_and_retrieve(float decay, const KeyPart<T>& k,
                                     float (&retrieved)[kColumns]) {
    clear(retrieved);
    for_each_row([&](int row, int piece, int i) {
#pragma unroll
      for (int c = 0; c < kColumns; ++c) {
        values[row][c] *= decay;
        retrieved[c] = fmaf(values[row][c], k.values[piece][i], retrieved[c]);
      }
    });
    sum_over_group(retrieved);
  }

  // Adds k correction^T; `out` becomes S^T q.
  __device__ void write_and_read(const KeyPart<T>& k, const float (&correction)[kColumns],
                                 const KeyPart<T>& q, float (&out)[kColumns]) {
    clear(out);
    for_each_row([&](int row, int piece, int i) {
#pragma unroll
      for (int c = 0; c < kColumns; ++c) {
        values[row][c] = fmaf(k.values[piece][i], correction[c], values[row][c]);
        out[c] = fmaf(values[row][c], q.values[piece][i], out[c]);
      }
    });
    sum_over_group(out);
  }

  __device__ static void clear(float (&columns)[kColumns]) {
#pragma unroll
    for (int c = 0; c < kColumns; ++c) columns[c] = 0.0f;
  }
  __device__ static void sum_over_group(float (&columns)[kColumns]) {
#pragma unroll
    for (int c = 0; c < kColumns; ++c) columns[c] = WarpTile<kKeyDim>::group().sum(columns[c]);
  }
};

template <class T>
__device__ inline void multiply(KeyPart<T>& part, float factor) {
  part.for_each([&](int piece, int i) { part.values[piece][i] *= factor; });
}

template <class T>
__device__ inline T* place_in_o(const FusedRecurrentParams& p, const LanePlace& place,
                                std::int64_t token) {
  return static_cast<T*>(p.o) + (token * p.value_heads + place.head) * p.value_dim + place.column;
}

// `start` < `end`; `state` is the head's state at the lane's columns.
template <class T, int kKeyDim>
__device__ inline void run_segment(const FusedRecurrentParams& p, const LanePlace& place,
                                   std::int64_t start, std::int64_t end, float scale,
                                   float* state) {
  const RowGroup group = WarpTile<kKeyDim>::group();
  auto part = StatePart<T, kKeyDim>::load(state, p.value_dim);
  auto x = Token<T>::template load<kKeyDim>(p, place, start);
  for (std::int64_t token = start; token < end; ++token) {
    // The next one is on its way while this one is worked on.
    const auto next = Token<T>::template load<kKeyDim>(p, place, min(token + 1, end - 1));
    if (p.norm == KeyNorm::l2) {
      multiply<T>(x.q, rsqrtf(group.sum(x.q.dot(x.q)) + kNormEpsilon));
      multiply<T>(x.k, rsqrtf(group.sum(x.k.dot(x.k)) + kNormEpsilon));
    }
    multiply<T>(x.q, scale);
    float retrieved[kColumns], correction[kColumns], out[kColumns];
    part.decay_and_retrieve(expf(x.g), x.k, retrieved);
#pragma unroll
    for (int c = 0; c < kColumns; ++c) correction[c] = x.beta * (x.v[c] - retrieved[c]);
    part.write_and_read(x.k, correction, x.q, out);
    if (group.lane() == 0) store_lanes(place_in_o<T>(p, place, token), out);
    x = next;
  }
  part.store(state, p.value_dim);
}

// The warp's columns of a segment without a slot: a token a lane of each group.
template <class T, int kKeyDim>
__device__ inline void clear_segment(const FusedRecurrentParams& p, const LanePlace& place,
                                     std::int64_t start, std::int64_t end) {
  const float zeros[kColumns] = {};
  for (std::int64_t token = start + WarpTile<kKeyDim>::group().lane(); token < end;
       token += WarpTile<kKeyDim>::kRowLanes)
    store_lanes(place_in_o<T>(p, place, token), zeros);
}

// One block's rows of slack: every `blocks`-th.
template <class T>
__device__ inline void clear_slack(const FusedRecurrentParams& p, std::int64_t block,
                                   std::int64_t blocks) {
  constexpr int kLanes = kRowAccessBytes / static_cast<int>(sizeof(T));
  const float zeros[kLanes] = {};
  const std::int64_t row_elements = static_cast<std::int64_t>(p.value_heads) * p.value_dim;
  for (std::int64_t token = p.cu_seqlens[p.segments] + block; token < p.total_tokens;
       token += blocks)
    for (std::int64_t at = static_cast<std::int64_t>(threadIdx.x) * kLanes; at < row_elements;
         at += kWarp * kLanes)
      store_lanes(static_cast<T*>(p.o) + token * row_elements + at, zeros);
}

// Blocks: for each segment, value head and tile of columns, tiles next to each other; then those
// for slack.
template <class T, int kKeyDim>
__global__ void __launch_bounds__(kWarp)
    fused_recurrent_kernel(FusedRecurrentParams p, float scale) {
  using Tile = WarpTile<kKeyDim>;
  const auto tiles = static_cast<unsigned>(p.value_dim / Tile::kTileColumns);
  const unsigned blocks_of_segment = static_cast<unsigned>(p.value_heads) * tiles;
  const unsigned segment_blocks = static_cast<unsigned>(p.segments) * blocks_of_segment;
  if (blockIdx.x >= segment_blocks)
    return clear_slack<T>(p, blockIdx.x - segment_blocks, gridDim.x - segment_blocks);

  const unsigned segment = blockIdx.x / blocks_of_segment;
  const unsigned block = blockIdx.x % blocks_of_segment;
  const auto head = static_cast<std::int32_t>(block / tiles);
  const LanePlace place = {
      .head = head,
      .key_head = head / (p.value_heads / p.key_heads),
      .column = static_cast<std::int32_t>(block % tiles) * Tile::kTileColumns + Tile::column()};
  const std::int64_t start = p.cu_seqlens[segment];
  const std::int64_t end = p.cu_seqlens[segment + 1];
  const std::int64_t slot = p.slots ? p.slots[segment] : static_cast<std::int64_t>(segment);
  if (slot < 0) {
    clear_segment<T, kKeyDim>(p, place, start, end);
  } else if (start < end) {
    float* const state =
        p.state + (slot * p.value_heads + head) * kKeyDim * p.value_dim + place.column;
    run_segment<T, kKeyDim>(p, place, start, end, scale, state);
  }
}

template <class T, int kKeyDim>
void launch_recurrence(const FusedRecurrentParams& p, Stream stream) {
  const std::int64_t tiles = p.value_dim / WarpTile<kKeyDim>::kTileColumns;
  const std::int64_t blocks =
      std::int64_t{p.segments} * p.value_heads * tiles + std::min(p.total_tokens, kSlackBlocks);
  simt::launch(fused_recurrent_kernel<T, kKeyDim>, dim3(static_cast<unsigned>(blocks)), dim3(kWarp),
               0, stream, p, 1.0f / sqrtf(static_cast<float>(kKeyDim)));
}

}  // namespace

void fused_recurrent_gated_delta_rule(const FusedRecurrentParams& params, Stream stream) {
  for_dtype(params.dtype, [&]<class T>() {
    switch (params.key_dim) {
      case 64:
        return launch_recurrence<T, 64>(params, stream);
      case 128:
        return launch_recurrence<T, 128>(params, stream);
      default:
        return launch_recurrence<T, 256>(params, stream);
    }
  });
}

}  // namespace packproof::PACKPROOF_KERNELS
