// seq_to_head: what a rank sends in the all-to-all from tokens to heads, sorted by receiver. What
// arrives, [world, tokens, heads of this rank], needs no further step: it is in the order of
// tokens. Rows move as bytes: any dtype, bit for bit.
#pragma once

#include <cstdint>

#include "kernels/host/stream.h"
#include "kernels/host/target.h"

namespace packproof {

struct SeqToHeadParams {
  const void* x;  // [tokens, world, shard] of this rank's tokens, aligned to an element
  void* blocks;   // [world, tokens, shard]: block i goes to rank i; aligned to an element
  std::int64_t tokens;
  std::int32_t world;
  std::int64_t shard_bytes;  // (heads / world) * dim elements; > 0, a multiple of 2
};

struct SeqToHeadBackwardParams {
  const void* blocks;  // [world, tokens, shard]: block i came from rank i; aligned to an element
  void* dx;            // [tokens, world, shard], aligned to an element
  std::int64_t tokens;
  std::int32_t world;
  std::int64_t shard_bytes;  // as above
};

PACKPROOF_ON_EVERY_TARGET(void seq_to_head(const SeqToHeadParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void seq_to_head_backward(const SeqToHeadBackwardParams& params,
                                                    Stream stream))

}  // namespace packproof
