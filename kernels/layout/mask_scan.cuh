// From a padding mask to gather maps. The packed order is the order of the flattened mask, so one
// scan over its batch * length places gives every token's packed row, however long the rows are:
//   1. count_tokens_kernel     tokens of each tile of 4096 places
//   2. scan_tiles_kernel       the packed row of each tile's first token
//   3. packed_map_kernel, or padded_map_kernel: the source of each row of the destination
// No atomics: the same bits in every run.
#pragma once

#include <cstdint>

#include "kernels/device/packed/block_prefix.cuh"
#include "kernels/launch/stream.h"
#include "kernels/layout/mask_tiles.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

struct MaskScan {
  const std::uint8_t* mask;  // [batch, length] uint8, each 0 or 1
  std::int64_t batch;
  std::int64_t length;
  std::int64_t places;        // batch * length
  std::int64_t tiles;         // mask_tiles(places)
  std::int32_t* tile_tokens;  // scratch [tiles + 1] int32
};

namespace {

// From the params of any op that has such a mask.
template <class Params>
MaskScan mask_scan_of(const Params& p) {
  return {.mask = p.mask,
          .batch = p.batch,
          .length = p.length,
          .places = p.batch * p.length,
          .tiles = mask_tiles(p.batch * p.length),
          .tile_tokens = p.tile_tokens};
}

// The thread's 16 places as a set: bit i says that place first + i holds a token.
__device__ inline std::uint32_t token_bits(const MaskScan& scan, std::int64_t first) {
  const std::int64_t places = scan.places - first;
  const std::uint8_t* mask = scan.mask + first;
  std::uint32_t bits = 0;
  if (places >= kPlacesPerThread && reinterpret_cast<std::uintptr_t>(mask) % 16 == 0) {
    const uint4 bytes = *reinterpret_cast<const uint4*>(mask);
    const std::uint32_t words[4] = {bytes.x, bytes.y, bytes.z, bytes.w};
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      // Moves bit 0 of byte b to bit 28 + b; all other products are distinct and below bit 28.
      bits |= (words[i] * 0x10204080u >> 28) << (4 * i);
    }
  } else {
    for (int i = 0; i < kPlacesPerThread && i < places; ++i)
      bits |= static_cast<std::uint32_t>(mask[i]) << i;
  }
  return bits;
}

__device__ inline std::int64_t first_place_of_thread() {
  return (static_cast<std::int64_t>(blockIdx.x) * kMaskThreads + threadIdx.x) * kPlacesPerThread;
}

// One block a tile: tile_tokens[tile] = its tokens. Shared memory: that of block_prefix.
__global__ void __launch_bounds__(kMaskThreads) count_tokens_kernel(MaskScan scan) {
  const std::uint32_t bits = token_bits(scan, first_place_of_thread());
  const BlockPrefix tokens = block_prefix<SumOf, kMaskThreads>(__popc(bits));
  if (threadIdx.x == 0) scan.tile_tokens[blockIdx.x] = tokens.total;
}

// One block: replaces the counts by the sum of those before, and appends the sum of all. Each
// thread reads and writes its own entries only. Shared memory: that of block_prefix.
__global__ void __launch_bounds__(kMaskThreads) scan_tiles_kernel(MaskScan scan) {
  std::int32_t carried = 0;
  for (std::int64_t first = 0; first < scan.tiles; first += kMaskThreads) {
    const std::int64_t tile = first + threadIdx.x;
    const BlockPrefix tokens =
        block_prefix<SumOf, kMaskThreads>(tile < scan.tiles ? scan.tile_tokens[tile] : 0);
    if (tile < scan.tiles) scan.tile_tokens[tile] = carried + tokens.before;
    carried += tokens.total;
  }
  if (threadIdx.x == 0) scan.tile_tokens[scan.tiles] = carried;
}

// One block a tile (one at least): place_of_row[row] = the place of the mask that packed row `row`
// comes from, -1 for slack rows; and cu_seqlens, unless null.
// Shared memory: the tile's tokens in order, each as its place within the tile, so that global
// memory is written in whole lines.
__global__ void __launch_bounds__(kMaskThreads)
    packed_map_kernel(MaskScan scan, std::int64_t* __restrict__ place_of_row,
                      std::int64_t total_tokens, std::int32_t* __restrict__ cu_seqlens) {
  SIMT_SHARED(std::uint16_t, place_in_tile, [kMaskTile]);
  const std::int64_t first = first_place_of_thread();
  const std::int64_t places = scan.places;
  const std::int32_t tokens_before_tile = scan.tile_tokens[blockIdx.x];
  const std::int32_t valid_tokens = scan.tile_tokens[scan.tiles];

  const std::uint32_t bits = token_bits(scan, first);
  const BlockPrefix tokens = block_prefix<SumOf, kMaskThreads>(__popc(bits));
  std::int32_t rank = tokens.before;
  for (std::uint32_t rest = bits; rest != 0; rest &= rest - 1) {
    place_in_tile[rank++] =
        static_cast<std::uint16_t>(threadIdx.x * kPlacesPerThread + __ffs(rest) - 1);
  }
  __syncthreads();  // place_in_tile is complete
  for (int i = static_cast<int>(threadIdx.x); i < tokens.total; i += kMaskThreads) {
    place_of_row[tokens_before_tile + i] =
        static_cast<std::int64_t>(blockIdx.x) * kMaskTile + place_in_tile[i];
  }

  // Slack rows, over all blocks.
  const std::int64_t threads = static_cast<std::int64_t>(gridDim.x) * kMaskThreads;
  for (std::int64_t row =
           valid_tokens + static_cast<std::int64_t>(blockIdx.x) * kMaskThreads + threadIdx.x;
       row < total_tokens; row += threads) {
    place_of_row[row] = -1;
  }

  if (cu_seqlens == nullptr) return;
  // Padded rows that begin among the thread's places.
  if (first < places) {
    const std::int64_t end = first + kPlacesPerThread < places ? first + kPlacesPerThread : places;
    std::int64_t row = (first + scan.length - 1) / scan.length;
    for (; row * scan.length < end; ++row) {
      const std::uint32_t earlier = (1u << (row * scan.length - first)) - 1;
      cu_seqlens[row] = tokens_before_tile + tokens.before + __popc(bits & earlier);
    }
  }
  if (blockIdx.x != 0) return;
  if (threadIdx.x == 0) cu_seqlens[scan.batch] = valid_tokens;
  if (scan.length == 0) {
    for (std::int64_t row = threadIdx.x; row < scan.batch; row += kMaskThreads) cu_seqlens[row] = 0;
  }
}

// One block a tile: row_of_place[place] = the packed row of the token at that place of the mask, -1
// at pads. Shared memory: what each thread found, read by all so that global memory is written in
// whole lines.
__global__ void __launch_bounds__(kMaskThreads)
    padded_map_kernel(MaskScan scan, std::int32_t* __restrict__ row_of_place) {
  SIMT_SHARED(std::int32_t, first_row, [kMaskThreads]);
  SIMT_SHARED(std::uint16_t, tokens_of, [kMaskThreads]);
  const std::uint32_t own_bits = token_bits(scan, first_place_of_thread());
  const BlockPrefix tokens = block_prefix<SumOf, kMaskThreads>(__popc(own_bits));
  first_row[threadIdx.x] = scan.tile_tokens[blockIdx.x] + tokens.before;
  tokens_of[threadIdx.x] = static_cast<std::uint16_t>(own_bits);
  __syncthreads();  // both tables are complete

  const std::int64_t tile_first = static_cast<std::int64_t>(blockIdx.x) * kMaskTile;
  const std::int64_t places = scan.places;
  for (int i = static_cast<int>(threadIdx.x); i < kMaskTile && tile_first + i < places;
       i += kMaskThreads) {
    const std::uint32_t bits = tokens_of[i / kPlacesPerThread];
    const std::uint32_t bit = 1u << (i % kPlacesPerThread);
    row_of_place[tile_first + i] =
        (bits & bit) != 0 ? first_row[i / kPlacesPerThread] + __popc(bits & (bit - 1)) : -1;
  }
}

inline void scan_mask(const MaskScan& scan, Stream stream) {
  const auto tiles = static_cast<unsigned>(scan.tiles);
  simt::launch(count_tokens_kernel, dim3(tiles), dim3(kMaskThreads), 0, stream, scan);
  simt::launch(scan_tiles_kernel, dim3(1), dim3(kMaskThreads), 0, stream, scan);
}

// place_of_row: [total_tokens] int64. cu_seqlens: [batch + 1] int32, or null when not wanted.
inline void launch_packed_map(const MaskScan& scan, std::int64_t* place_of_row,
                              std::int64_t total_tokens, std::int32_t* cu_seqlens, Stream stream) {
  scan_mask(scan, stream);
  const auto tiles = static_cast<unsigned>(scan.tiles);
  simt::launch(packed_map_kernel, dim3(tiles == 0 ? 1 : tiles), dim3(kMaskThreads), 0, stream, scan,
               place_of_row, total_tokens, cu_seqlens);
}

// row_of_place: [batch * length] int32.
inline void launch_padded_map(const MaskScan& scan, std::int32_t* row_of_place, Stream stream) {
  scan_mask(scan, stream);
  const auto tiles = static_cast<unsigned>(scan.tiles);
  simt::launch(padded_map_kernel, dim3(tiles), dim3(kMaskThreads), 0, stream, scan, row_of_place);
}

}  // namespace
}  // namespace packproof::PACKPROOF_KERNELS
