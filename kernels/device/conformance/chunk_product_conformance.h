// A whole kernel of the conformance suite: tensor cores fed from shared memory, as a chunked
// attention-like op would. Also what kernels_simt_bench times.
#pragma once

#include <cuda_bf16.h>

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

constexpr int kChunkTokens = 64;

// For every chunk of 64 tokens of each segment and for each head, o = tril(q k^T) v: a token sees
// itself and the tokens before it in its chunk. The scores tril(q k^T) are rounded to bf16.
struct ChunkProductParams {
  const __nv_bfloat16* q;  // [tokens][heads][head_dim], 16-byte aligned; so are k, v, o
  const __nv_bfloat16* k;
  const __nv_bfloat16* v;
  __nv_bfloat16* o;                // rows outside all segments are neither read nor written
  const std::int32_t* cu_seqlens;  // [segments + 1]
  std::int32_t segments;
  std::int32_t most_chunks;  // at least the chunks of all segments
  std::int32_t heads;
  std::int32_t head_dim;  // 64 or 128
};

PACKPROOF_ON_EVERY_TARGET(void run_chunk_product(const ChunkProductParams& params, Stream stream))

}  // namespace packproof
