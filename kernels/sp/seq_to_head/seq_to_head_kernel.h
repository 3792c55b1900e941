// seq_to_head: what a rank sends in the all-to-all from tokens to heads, sorted by receiver. What
// arrives, [world, tokens, heads of this rank], is in the order of tokens: only with more rows than
// one does it need a further step, the backward's with a run of each row as a token. Elements move
// as bytes: any dtype, bit for bit. `world` are the ranks that exchange, `tokens` those of this
// rank in all rows.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

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
