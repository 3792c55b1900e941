// A state warpgroup of a scan block: 64 columns of the state, from chunk to chunk.
//
// It holds S^T [64, key_dim] in fp32, and rounded as operand A, so that nothing of the chain
//   U = S^T K^T,  W^T = (b (V - exp(G) U^T))^T,  S^T <- exp(G_end) S^T + W^T X
// goes through shared memory. Beside it O^T = S^T Q^T, scaled, += W^T P^T. Two state warpgroups
// take turns with the first two products, so that one scales while the other multiplies. S is
// scaled by the next chunk's decay as soon as it is rounded, while the last product of O runs. O of
// a chunk is stored behind the next chunk's first product.
#pragma once

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_scan_memory.cuh"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/ldmatrix.cuh"
#include "kernels/device/instructions/stmatrix.cuh"
#include "kernels/device/instructions/wgmma.cuh"

namespace packproof::PACKPROOF_KERNELS {

template <class T, int kKeyTiles, int kStates>
class StateColumnsScan {
 public:
  using Memory = ScanMemory<kKeyTiles, kStates>;
  static constexpr int kSteps = 4 * kKeyTiles;  // of 16 elements of a key

  __device__ StateColumnsScan(Memory& memory, int own) : m_(memory), own_(own) {}

  __device__ void run() {
    float s[32 * kKeyTiles], o[32];
    std::uint32_t a[kSteps][4], packed[4][4] = {};
    if (kStates == 2 && own_ == 1) named_barrier_arrive(kFirstTurn, 256);
    for (TaskWalk<Memory> walk(m_); !walk.is_over(); walk.next()) {
      load_state(s, walk.task());
      round_state(a, s);
      const std::int32_t chunks = walk.task().chunks();
      scale(s, decay_of(stage_));
#pragma unroll 1
      for (std::int32_t left = chunks; left > 0; --left) {
        step(s, o, a, packed, left > 1);
        stage_.advance();
      }
      store_state(s, walk.task());
    }
    store_output(packed);
    if (kStates == 2 && own_ == 0) named_barrier_sync(kFirstTurn, 256);
  }

 private:
  __device__ void step(float (&s)[32 * kKeyTiles], float (&o)[32], std::uint32_t (&a)[kSteps][4],
                       std::uint32_t (&packed)[4][4], bool has_next) {
    const std::uint32_t two = stage_.two(), parity = stage_.parity(), key = stage_.key;
    const ChunkFactors& factors = m_.factors[stage_.factor()];
    float u[32];
    std::uint32_t w[4][4];
    if (kStates == 2) named_barrier_sync(own_ == 0 ? kFirstTurn : kSecondTurn, 256);
    mbarrier_wait(&m_.k_barriers.full[key], stage_.key_parity);
    mbarrier_wait(&m_.k_clean[key], stage_.key_parity);
    multiply_state(u, a, m_.k[key]);
    store_output(packed);
    mbarrier_wait(&m_.q_barriers.full[two], parity);
    multiply_state(o, a, m_.q[two]);
    // The other's turn: its products may be issued behind these.
    if (kStates == 2) named_barrier_arrive(own_ == 0 ? kSecondTurn : kFirstTurn, 256);

    mbarrier_wait(&m_.v_barriers.full[two], parity);
    mbarrier_wait(&m_.factor_barriers.full[stage_.factor()], stage_.factor_parity());
    wgmma_wait_group<1>();
    keep_in_order(u);
    make_w(w, u, factors);
    warp_arrive(&m_.v_barriers.free[two]);

    mbarrier_wait(&m_.x_barriers.full[two], parity);
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4; ++i) wgmma<T, Major::kMn>(s, w[i], mn_major(m_.x[two], i), true);
    wgmma_commit_group();
    wgmma_wait_group<1>();
    keep_in_order(o);
    warp_arrive(&m_.q_barriers.free[two]);
    scale_output(o, factors);
    mbarrier_wait(&m_.p_barriers.full[two], parity);
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4; ++i) wgmma<T>(o, w[i], k_major(m_.p[two], i), true);
    wgmma_commit_group();

    wgmma_wait_group<1>();
    keep_in_order(s);
    warp_arrive(&m_.factor_barriers.free[stage_.factor()]);
    warp_arrive(&m_.k_barriers.free[key]);
    warp_arrive(&m_.x_barriers.free[two]);
    round_state(a, s);
    float decay = 1.0f;
    if (has_next) {
      ChunkStage next = stage_;
      next.advance();
      decay = decay_of(next);
    }
    scale(s, decay);
    wgmma_wait_group<0>();
    keep_in_order(o);
    warp_arrive(&m_.p_barriers.free[two]);
#pragma unroll
    for (int i = 0; i < 4; ++i) round_step<T>(packed[i], o, i);
  }

  __device__ float decay_of(const ChunkStage& stage) {
    mbarrier_wait(&m_.factor_barriers.full[stage.factor()], stage.factor_parity());
    return m_.factors[stage.factor()].whole_decay;
  }

  __device__ static void scale(float (&s)[32 * kKeyTiles], float decay) {
#pragma unroll
    for (float& value : s) value *= decay;
  }

  __device__ static void round_state(std::uint32_t (&a)[kSteps][4],
                                     const float (&s)[32 * kKeyTiles]) {
#pragma unroll
    for (int i = 0; i < kSteps; ++i) round_step<T>(a[i], s, i);
  }

  // S^T K^T or S^T Q^T.
  __device__ static void multiply_state(float (&d)[32], const std::uint32_t (&a)[kSteps][4],
                                        const unsigned char* tiles) {
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < kSteps; ++i) wgmma<T>(d, a[i], k_major(tiles, i), i > 0);
    wgmma_commit_group();
  }

  // W^T = (b (V - exp(G) U^T))^T. Where b is 0, V and U may be NaN: behind the segment's end.
  __device__ void make_w(std::uint32_t (&w)[4][4], const float (&u)[32],
                         const ChunkFactors& factors) {
    const FragmentPlace at;
    const unsigned char* const v = m_.v[stage_.two()] + own_ * kTileBytes + at.column_chunk();
#pragma unroll
    for (int i = 0; i < 4; ++i) ldmatrix_trans(w[i], v + i * 2048);
#pragma unroll
    for (int i = 0; i < 8; ++i) {
      const int column = 8 * i + at.column;
      const float2 decay = *reinterpret_cast<const float2*>(&factors.retrieved_factor[column]);
      const float2 beta = *reinterpret_cast<const float2*>(&factors.beta[column]);
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        std::uint32_t& pair = w[i / 2][i % 2 * 2 + half];
        const float2 value = unpack_pair<T>(pair);
        const float first = beta.x * (value.x - decay.x * u[4 * i + 2 * half]);
        const float second = beta.y * (value.y - decay.y * u[4 * i + 2 * half + 1]);
        pair = pack_pair<T>(beta.x == 0.0f ? 0.0f : first, beta.y == 0.0f ? 0.0f : second);
      }
    }
  }

  __device__ static void scale_output(float (&o)[32], const ChunkFactors& factors) {
    const FragmentPlace at;
#pragma unroll
    for (int i = 0; i < 8; ++i) {
      const float2 factor =
          *reinterpret_cast<const float2*>(&factors.output_factor[8 * i + at.column]);
#pragma unroll
      for (int m = 0; m < 4; ++m) o[4 * i + m] *= m % 2 == 0 ? factor.x : factor.y;
    }
  }

  // Of the chunk before; before the first, of nothing.
  __device__ void store_output(const std::uint32_t (&packed)[4][4]) {
    mbarrier_wait(&m_.o_barriers.free[own_], (stage_.number & 1) ^ 1);
    unsigned char* const tile = m_.o[own_] + FragmentPlace().column_chunk();
#pragma unroll
    for (int i = 0; i < 4; ++i) stmatrix_trans(tile + i * 2048, packed[i]);
    fence_proxy_async_shared();
    warp_arrive(&m_.o_barriers.full[own_]);
  }

  // Of this thread's fragment of S^T, in a state [key_dim, columns]: visit(accumulator, offset).
  template <class Visit>
  __device__ void for_each_of_state(const ScanTask& task, Visit visit) const {
    const FragmentPlace at;
    const std::int32_t columns = task.columns;
    const std::int32_t first = at.column * columns + column_of(task) + at.row;
#pragma unroll
    for (int i = 0; i < 32 * kKeyTiles; ++i)
      visit(i, first + (i / 4 * 8 + i % 2) * columns + i / 2 % 2 * 8);
  }
  __device__ std::int32_t column_of(const ScanTask& task) const { return task.column + own_ * 64; }

  __device__ void load_state(float (&s)[32 * kKeyTiles], const ScanTask& task) const {
    const float* const from = task.from;
    if (from) {
      for_each_of_state(task, [&](int i, std::int32_t offset) { s[i] = __ldg(from + offset); });
      return;
    }
#pragma unroll
    for (float& value : s) value = 0.0f;
    if (!task.is_transition) return;
    const FragmentPlace at;
    const std::int32_t column = column_of(task);
#pragma unroll
    for (int i = 0; i < 32 * kKeyTiles; ++i)
      s[i] = at.column_of(i) == column + at.row_of(i) ? 1.0f : 0.0f;
  }

  __device__ void store_state(const float (&s)[32 * kKeyTiles], const ScanTask& task) const {
    float* const to = task.to;
    if (!to || column_of(task) >= task.columns) return;  // key_dim 64 by two warpgroups
    for_each_of_state(task, [&](int i, std::int32_t offset) { __stcs(to + offset, s[i]); });
  }

  Memory& m_;
  int own_;
  ChunkStage stage_;
};

}  // namespace packproof::PACKPROOF_KERNELS
