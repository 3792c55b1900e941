// Short rows (a head's features) in registers: a group of neighbouring lanes holds one row, each
// lane some pieces of it, and what is summed over the row meets by shuffles. Rows are read and
// written once, neighbouring lanes at neighbouring addresses.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "cases/core/dtype.h"
#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/device/tiles/for_dtype.cuh"
#include "kernels/launch/alignment.h"
#include "kernels/launch/divide_up.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

constexpr int kRowThreads = 256;          // threads a block
constexpr int kMostRowElements = 1024;    // of a row
constexpr int kMostElementsOfALane = 32;  // and so of a lane's registers
constexpr int kRowAccessBytes = 16;       // of a lane, where the layout allows

// Where a thread stands: a block's threads are groups of 2^lanes_log2 lanes, at most a warp.
struct RowGroup {
  int lanes_log2;

  __device__ int lanes() const { return 1 << lanes_log2; }
  __device__ int lane() const { return static_cast<int>(threadIdx.x) & (lanes() - 1); }
  __device__ int group() const { return static_cast<int>(threadIdx.x) >> lanes_log2; }
  __device__ int groups() const { return kRowThreads >> lanes_log2; }

  // The sum over the group, the same bits in each of its lanes. All lanes of the warp must call.
  __device__ float sum(float value) const {
    for (int distance = lanes() / 2; distance > 0; distance /= 2)
      value += __shfl_xor_sync(0xffffffffu, value, distance);
    return value;
  }
};

// A lane's share of one row: kPieces accesses of kLanes elements, 16 bytes or one element each.
template <class T, int kLanes, int kPieces>
struct RowPart {
  float values[kPieces][kLanes];

  // First element of a piece in the row.
  __device__ static int first(RowGroup group, int piece) {
    return (piece * group.lanes() + group.lane()) * kLanes;
  }

  // All zeros where the row is not `there`; zeros beyond its end.
  __device__ static RowPart load(RowGroup group, const void* rows, std::int64_t row, int dim,
                                 bool there) {
    RowPart part;
#pragma unroll
    for (int p = 0; p < kPieces; ++p) {
      const int at = first(group, p);
      if (there && at < dim) {
        Raw<T, kLanes>::load(static_cast<const T*>(rows) + row * dim + at).unpack(part.values[p]);
      } else {
#pragma unroll
        for (int i = 0; i < kLanes; ++i) part.values[p][i] = 0.0f;
      }
    }
    return part;
  }

  __device__ void store(RowGroup group, void* rows, std::int64_t row, int dim) const {
#pragma unroll
    for (int p = 0; p < kPieces; ++p) {
      const int at = first(group, p);
      if (at < dim) store_lanes(static_cast<T*>(rows) + row * dim + at, values[p]);
    }
  }

  // visit(piece, lane) for each element.
  template <class Visit>
  __device__ static void for_each(Visit visit) {
#pragma unroll
    for (int p = 0; p < kPieces; ++p) {
#pragma unroll
      for (int i = 0; i < kLanes; ++i) visit(p, i);
    }
  }

  // This lane's share of the dot product; RowGroup::sum completes it.
  __device__ float dot(const RowPart& other) const {
    float sum = 0.0f;
    for_each([&](int p, int i) { sum = fmaf(values[p][i], other.values[p][i], sum); });
    return sum;
  }
};

// Host side ---------------------------------------------------------------------------------------

// The fewest lanes that hold a row in accesses of kLanes elements, up to a warp.
constexpr int row_lanes_log2(int dim, int lanes_of_access) {
  int log2 = 0;
  while (log2 < 5 && (lanes_of_access << log2) < dim) ++log2;
  return log2;
}

template <class T, int kLanes, int kPieces = 1, class Launch>
void for_row_pieces(int dim, const Launch& launch) {
  if constexpr (kLanes * kPieces < kMostElementsOfALane) {
    // Rows that no vector fits are rare: fewer kernels for them.
    constexpr int kNext = kLanes > 1 ? 2 * kPieces : kPieces == 1 ? 4 : kMostElementsOfALane;
    if (kPieces * kLanes * 32 < dim) return for_row_pieces<T, kLanes, kNext>(dim, launch);
  }
  launch.template operator()<T, kLanes, kPieces>(row_lanes_log2(dim, kLanes));
}

// Calls launch.template operator()<T, kLanes, kPieces>(lanes_log2) for rows of dim <=
// kMostRowElements elements; by vectors where all `places` and the row size allow.
template <class Launch>
void for_row_parts(DType dtype, int dim, std::initializer_list<const void*> places,
                   const Launch& launch) {
  for_dtype(dtype, [&]<class T>() {
    constexpr int kLanes = kRowAccessBytes / static_cast<int>(sizeof(T));
    if (dim % kLanes == 0 && all_aligned(places, kRowAccessBytes)) {
      for_row_pieces<T, kLanes>(dim, launch);
    } else {
      for_row_pieces<T, 1>(dim, launch);
    }
  });
}

}  // namespace packproof::PACKPROOF_KERNELS
