#include "kernels/sp/head_to_seq/head_to_seq_kernel.h"

#include "kernels/sp/shard_transpose.cuh"

namespace packproof::PACKPROOF_KERNELS {

void head_to_seq(const HeadToSeqParams& p, Stream stream) {
  launch_shard_transpose({.source = p.blocks,
                          .target = p.y,
                          .outer = p.world,
                          .inner = p.tokens,
                          .piece_bytes = p.shard_bytes},
                         stream);
}

void head_to_seq_backward(const HeadToSeqBackwardParams& p, Stream stream) {
  launch_shard_transpose({.source = p.dy,
                          .target = p.blocks,
                          .outer = p.tokens,
                          .inner = p.world,
                          .piece_bytes = p.shard_bytes},
                         stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
