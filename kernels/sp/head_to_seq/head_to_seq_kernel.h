// head_to_seq: what a rank received in the all-to-all from heads to tokens, put back in the order
// of heads. What it sends, [all tokens, heads of this rank], has the tokens of each receiver
// together: only with more rows than one does it need a step before, the backward's with a run of
// each row as a token. Elements move as bytes: any dtype, bit for bit. `world` are the ranks that
// exchange, `tokens` those of this rank in all rows.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

struct HeadToSeqParams {
  const void* blocks;  // [world, tokens, shard]: block i came from rank i; aligned to an element
  void* y;             // [tokens, world, shard] of this rank's tokens, aligned to an element
  std::int64_t tokens;
  std::int32_t world;
  std::int64_t shard_bytes;  // (heads / world) * dim elements; > 0, a multiple of 2
};

struct HeadToSeqBackwardParams {
  const void* dy;  // [tokens, world, shard], aligned to an element
  void* blocks;    // [world, tokens, shard]: block i goes to rank i; aligned to an element
  std::int64_t tokens;
  std::int32_t world;
  std::int64_t shard_bytes;  // as above
};

PACKPROOF_ON_EVERY_TARGET(void head_to_seq(const HeadToSeqParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void head_to_seq_backward(const HeadToSeqBackwardParams& params,
                                                    Stream stream))

}  // namespace packproof
