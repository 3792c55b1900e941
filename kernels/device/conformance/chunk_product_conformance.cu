// Block (x, y): chunk x of all segments' chunks in order, head y. Each of the 4 warps computes 16
// of the chunk's 64 rows.
#include "kernels/device/conformance/chunk_product_conformance.h"
#include "kernels/device/instructions/async_copy.cuh"
#include "kernels/device/instructions/ldmatrix.cuh"
#include "kernels/device/instructions/mma.cuh"
#include "kernels/device/instructions/packed_pair.cuh"
#include "kernels/device/instructions/stmatrix.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 128;
constexpr int kLaneElements = 8;  // of a 16-byte piece

// A chunk's rows of one head in shared memory. Piece p of row r lies at p ^ (r % 8), so that eight
// rows of one piece, which ldmatrix and stmatrix access together, are in different banks.
template <int kHeadDim>
struct Tile {
  __nv_bfloat16* elements;

  static constexpr int kPieces = kHeadDim / kLaneElements;
  static constexpr int kBytes = kChunkTokens * kHeadDim * static_cast<int>(sizeof(__nv_bfloat16));

  __device__ __nv_bfloat16* piece(int row, int p) const {
    return elements + row * kHeadDim + (p ^ (row & 7)) * kLaneElements;
  }

  // All threads; rows from `length` on become zeros. The copies are the calling thread's to commit.
  __device__ void load(const __nv_bfloat16* first_row, std::int64_t stride, int length) const {
    for (int i = static_cast<int>(threadIdx.x); i < kChunkTokens * kPieces; i += kThreads) {
      const int row = i / kPieces;
      const bool is_there = row < length;
      const __nv_bfloat16* from = first_row + i % kPieces * kLaneElements;
      cp_async_zero_fill<16>(piece(row, i % kPieces), from + (is_there ? row * stride : 0),
                             is_there ? 16 : 0);
    }
  }
};

struct Chunk {
  int first_token;
  int length;  // 0: there is no such chunk
};

__device__ Chunk find_chunk(const ChunkProductParams& p, int chunk) {
  for (int segment = 0; segment < p.segments; ++segment) {
    const int begin = p.cu_seqlens[segment];
    const int tokens = p.cu_seqlens[segment + 1] - begin;
    const int chunks = (tokens + kChunkTokens - 1) / kChunkTokens;
    if (chunk < chunks) {
      const int skipped = chunk * kChunkTokens;
      return {begin + skipped, min(kChunkTokens, tokens - skipped)};
    }
    chunk -= chunks;
  }
  return {0, 0};
}

template <int kHeadDim>
__global__ void __launch_bounds__(kThreads) chunk_product(ChunkProductParams p) {
  SIMT_DYN_SHARED(smem);
  using RowsOf = Tile<kHeadDim>;
  const RowsOf q{reinterpret_cast<__nv_bfloat16*>(smem)};
  const RowsOf k{reinterpret_cast<__nv_bfloat16*>(smem + RowsOf::kBytes)};
  const RowsOf v{reinterpret_cast<__nv_bfloat16*>(smem + 2 * RowsOf::kBytes)};

  const Chunk chunk = find_chunk(p, static_cast<int>(blockIdx.x));
  if (chunk.length == 0) return;
  const std::int64_t stride = static_cast<std::int64_t>(p.heads) * kHeadDim;
  const std::int64_t origin =
      chunk.first_token * stride + static_cast<std::int64_t>(blockIdx.y) * kHeadDim;
  q.load(p.q + origin, stride, chunk.length);
  k.load(p.k + origin, stride, chunk.length);
  cp_async_commit_group();
  v.load(p.v + origin, stride, chunk.length);
  cp_async_commit_group();
  cp_async_wait_group<1>();
  __syncthreads();  // q and k are complete

  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int first_row = static_cast<int>(threadIdx.x) / 32 * 16;

  // Scores of 16 rows and 64 columns, in 8 pieces of 8 columns.
  float scores[8][4] = {};
#pragma unroll
  for (int depth = 0; depth < kHeadDim / 16; ++depth) {
    std::uint32_t a[4];
    ldmatrix(a, q.piece(first_row + lane % 16, depth * 2 + lane / 16));
#pragma unroll
    for (int pair = 0; pair < 4; ++pair) {
      std::uint32_t b[4];
      ldmatrix(b, k.piece(pair * 16 + lane / 16 * 8 + lane % 8, depth * 2 + lane / 8 % 2));
      mma_m16n8k16_bf16(scores[2 * pair], a, {b[0], b[1]}, scores[2 * pair]);
      mma_m16n8k16_bf16(scores[2 * pair + 1], a, {b[2], b[3]}, scores[2 * pair + 1]);
    }
  }

  // Accumulators of two neighbouring pieces are the A operand of 16 columns, once masked and
  // packed.
  std::uint32_t weights[4][4];
#pragma unroll
  for (int piece = 0; piece < 8; ++piece) {
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const int row = first_row + lane / 4 + i / 2 * 8;
      const int column = piece * 8 + lane % 4 * 2 + i % 2;
      if (column > row) scores[piece][i] = 0.0f;
    }
    weights[piece / 2][piece % 2 * 2] = pack_bf16x2(scores[piece][0], scores[piece][1]);
    weights[piece / 2][piece % 2 * 2 + 1] = pack_bf16x2(scores[piece][2], scores[piece][3]);
  }

  cp_async_wait_group<0>();
  // v is complete; and this warp's rows of q have been read, so that the results take their place.
  __syncthreads();
#pragma unroll
  for (int pair = 0; pair < kHeadDim / 16; ++pair) {
    float sums[2][4] = {};
#pragma unroll
    for (int depth = 0; depth < 4; ++depth) {
      std::uint32_t b[4];
      ldmatrix_trans(b, v.piece(depth * 16 + lane % 16, pair * 2 + lane / 16));
      mma_m16n8k16_bf16(sums[0], weights[depth], {b[0], b[1]}, sums[0]);
      mma_m16n8k16_bf16(sums[1], weights[depth], {b[2], b[3]}, sums[1]);
    }
    stmatrix(q.piece(first_row + lane % 16, pair * 2 + lane / 16),
             {pack_bf16x2(sums[0][0], sums[0][1]), pack_bf16x2(sums[0][2], sums[0][3]),
              pack_bf16x2(sums[1][0], sums[1][1]), pack_bf16x2(sums[1][2], sums[1][3])});
  }
  __syncwarp();  // this warp's results are complete

  for (int i = lane; i < 16 * RowsOf::kPieces; i += 32) {
    const int row = first_row + i / RowsOf::kPieces;
    if (row >= chunk.length) continue;
    __nv_bfloat16* to = p.o + origin + row * stride + i % RowsOf::kPieces * kLaneElements;
    *reinterpret_cast<uint4*>(to) =
        *reinterpret_cast<const uint4*>(q.piece(row, i % RowsOf::kPieces));
  }
}

}  // namespace

void run_chunk_product(const ChunkProductParams& p, Stream stream) {
  const dim3 grid(static_cast<unsigned>(p.most_chunks), static_cast<unsigned>(p.heads));
  if (p.head_dim == 64) {
    simt::launch(chunk_product<64>, grid, kThreads, 3 * Tile<64>::kBytes, stream, p);
  } else {
    simt::launch(chunk_product<128>, grid, kThreads, 3 * Tile<128>::kBytes, stream, p);
  }
}

}  // namespace packproof::PACKPROOF_KERNELS
