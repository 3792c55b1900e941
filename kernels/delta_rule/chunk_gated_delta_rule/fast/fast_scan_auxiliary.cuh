// The auxiliary warpgroup of a scan block: X and P of each chunk, ahead of the states.
//
//   X = diag(exp(G_end - G)) N^T K, tile by tile
//   P = s M (tril(Q K^T) N), with what rounding takes from the left factor added at the diagonal of
//       N, which is 1: that is where P's largest terms are, and they would be rounded twice
// Each product but the last one of P runs beside the scaling of the one before, over the ends of
// chunks and tasks too. One is in flight at a time, and none over the loop's back edge: else ptxas
// runs them one by one, or wants more registers than there are.
#pragma once

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_scan_memory.cuh"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/stmatrix.cuh"
#include "kernels/device/instructions/wgmma.cuh"

namespace packproof::PACKPROOF_KERNELS {

template <class T, int kKeyTiles, int kStates>
class Auxiliary {
 public:
  using Memory = ScanMemory<kKeyTiles, kStates>;

  __device__ explicit Auxiliary(Memory& memory) : m_(memory), walk_(memory) {
    if (!walk_.is_over()) chunks_left_ = walk_.task().chunks();
  }

  __device__ void run() {
    if (walk_.is_over()) return;
    float c[32], d[32];
    start_chunk(d, true);
    finish(d);
    store_x(0, d);
    bool has_more = true;
    while (has_more) {
      const std::uint32_t two = stage_.two();
      if constexpr (kKeyTiles == 2) {
        multiply_x(c, 1);
        finish(c);
      }
      multiply_scores(d);
      if constexpr (kKeyTiles == 2) store_x(1, c);
      fence_proxy_async_shared();
      warp_arrive(&m_.x_barriers.full[two]);
      finish(d);
      warp_arrive(&m_.q_barriers.free[two]);
      warp_arrive(&m_.k_barriers.free[stage_.key]);
      std::uint32_t scores[4][4], left[4][4];
      mask(d, scores, left);
      multiply_p(c, scores);
      mbarrier_wait(&m_.p_barriers.free[two], stage_.parity() ^ 1);
      finish(c);
      add_pairs(c, left);

      // The next chunk's first product, of old tiles and for nothing behind the last.
      const ChunkStage own = stage_;
      has_more = advance();
      start_chunk(d, has_more);
      store_p(own, c);
      fence_proxy_async_shared();
      warp_arrive(&m_.p_barriers.full[two]);
      warp_arrive(&m_.n_barriers.free[two]);
      warp_arrive(&m_.factor_barriers.free[own.factor()]);
      if (has_more) mbarrier_wait(&m_.x_barriers.free[stage_.two()], stage_.parity() ^ 1);
      finish(d);
      if (has_more) store_x(0, d);
    }
  }

 private:
  // To the next chunk, if there is one.
  __device__ bool advance() {
    stage_.advance();
    if (--chunks_left_ > 0) return true;
    walk_.next();
    if (walk_.is_over()) return false;
    chunks_left_ = walk_.task().chunks();
    return true;
  }

  __device__ static void finish(float (&d)[32]) {
    wgmma_wait_group<0>();
    keep_in_order(d);
  }

  __device__ void start_chunk(float (&d)[32], bool is_there) {
    if (is_there) {
      mbarrier_wait(&m_.k_barriers.full[stage_.key], stage_.key_parity);
      mbarrier_wait(&m_.n_barriers.full[stage_.two()], stage_.parity());
      mbarrier_wait(&m_.factor_barriers.full[stage_.factor()], stage_.factor_parity());
      clean_keys();
    }
    multiply_x(d, 0);
  }

  // Rows of K behind the chunk's end become 0: the segment behind may have NaN there.
  __device__ void clean_keys() {
    const ScanTask& task = walk_.task();
    const int tokens = task.tokens_of(task.chunks() - chunks_left_);
    if (tokens < kChunkTokens) {
      unsigned char* const k = m_.k[stage_.key];
      for (int i = tokens * 8 + static_cast<int>(threadIdx.x) % 128; i < kChunkTokens * 8;
           i += 128) {
#pragma unroll
        for (int tile = 0; tile < kKeyTiles; ++tile)
          *reinterpret_cast<uint4*>(k + tile * kTileBytes + i * 16) = make_uint4(0, 0, 0, 0);
      }
      fence_proxy_async_shared();
      named_barrier_sync(kCleaning, 128);  // the products read what all four warps have zeroed
    }
    warp_arrive(&m_.k_clean[stage_.key]);
  }

  // One tile of N^T K.
  __device__ void multiply_x(float (&d)[32], int tile) {
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4; ++i)
      wgmma<T, Major::kMn, Major::kMn>(d, mn_major(m_.n[stage_.two()], i),
                                       mn_major(m_.k[stage_.key] + tile * kTileBytes, i), i > 0);
    wgmma_commit_group();
  }

  __device__ void store_x(int tile, float (&d)[32]) {
    const FragmentPlace at;
    const ChunkFactors& factors = m_.factors[stage_.factor()];
    const float rows[2] = {factors.written_factor[at.row], factors.written_factor[at.row + 8]};
#pragma unroll
    for (int i = 0; i < 32; ++i) d[i] *= rows[i / 2 % 2];
    store(m_.x[stage_.two()] + tile * kTileBytes, at, d);
  }

  __device__ void store(unsigned char* tile, const FragmentPlace& at, const float (&d)[32]) {
#pragma unroll
    for (int step = 0; step < 4; ++step) {
      std::uint32_t fragment[4];
      round_step<T>(fragment, d, step);
      stmatrix(tile + (at.row_chunk() ^ step * 32), fragment);
    }
  }

  // Q K^T.
  __device__ void multiply_scores(float (&d)[32]) {
    mbarrier_wait(&m_.q_barriers.full[stage_.two()], stage_.parity());
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4 * kKeyTiles; ++i)
      wgmma<T>(d, k_major(m_.q[stage_.two()], i), k_major(m_.k[stage_.key], i), i > 0);
    wgmma_commit_group();
  }

  // fp16 holds no product of tiny q and k: rows of the scores get P's factor at the diagonal, with
  // the norms in it, before they are rounded. What P lacks then is exp2(log_columns_i - _j).
  static constexpr bool kScalesScores = std::is_same_v<T, __half>;

  // tril(Q K^T), rounded, and what is left of it.
  __device__ void mask(float (&d)[32], std::uint32_t (&scores)[4][4], std::uint32_t (&left)[4][4]) {
    const FragmentPlace at;
    const int above = at.column - at.row;
    if constexpr (kScalesScores) {
      const ChunkFactors& factors = m_.factors[stage_.factor()];
      const float rows[2] = {exp2f(factors.log_rows[at.row] - factors.log_columns[at.row]),
                             exp2f(factors.log_rows[at.row + 8] - factors.log_columns[at.row + 8])};
#pragma unroll
      for (int i = 0; i < 32; ++i) d[i] *= rows[i / 2 % 2];
    }
#pragma unroll
    for (int i = 0; i < 32; ++i)
      if (i / 4 * 8 + i % 2 - i / 2 % 2 * 8 + above > 0) d[i] = 0.0f;
#pragma unroll
    for (int step = 0; step < 4; ++step) {
      round_step<T>(scores[step], d, step);
#pragma unroll
      for (int m = 0; m < 4; ++m) {
        const float2 rounded = unpack_pair<T>(scores[step][m]);
        const int i = 8 * step + 2 * m;
        left[step][m] = pack_pair<T>(d[i] - rounded.x, d[i + 1] - rounded.y);
      }
    }
  }

  __device__ static void add_pairs(float (&c)[32], const std::uint32_t (&pairs)[4][4]) {
#pragma unroll
    for (int i = 0; i < 16; ++i) {
      const float2 pair = unpack_pair<T>(pairs[i / 4][i % 4]);
      c[2 * i] += pair.x;
      c[2 * i + 1] += pair.y;
    }
  }

  // tril(Q K^T) N.
  __device__ void multiply_p(float (&c)[32], const std::uint32_t (&scores)[4][4]) {
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4; ++i)
      wgmma<T, Major::kMn>(c, scores[i], mn_major(m_.n[stage_.two()], i), i > 0);
    wgmma_commit_group();
  }

  // Above the diagonal c is 0, and the gates' power of 2 may not be infinite.
  __device__ void store_p(const ChunkStage& own, float (&c)[32]) {
    constexpr float kLargestPower = 126.0f;
    const FragmentPlace at;
    const ChunkFactors& factors = m_.factors[own.factor()];
    const auto& log_rows = kScalesScores ? factors.log_columns : factors.log_rows;
    const float rows[2] = {log_rows[at.row], log_rows[at.row + 8]};
#pragma unroll
    for (int group = 0; group < 8; ++group) {
      const float2 columns =
          *reinterpret_cast<const float2*>(&factors.log_columns[8 * group + at.column]);
#pragma unroll
      for (int i = 0; i < 4; ++i)
        c[4 * group + i] *=
            exp2f(fminf(rows[i / 2] - (i % 2 == 0 ? columns.x : columns.y), kLargestPower));
    }
    store(m_.p[own.two()], at, c);
  }

  Memory& m_;
  TaskWalk<Memory> walk_;
  ChunkStage stage_;
  std::int32_t chunks_left_ = 0;
};

}  // namespace packproof::PACKPROOF_KERNELS
