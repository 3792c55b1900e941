#include "kernels/sp/seq_to_head/seq_to_head_kernel.h"

#include "kernels/sp/shard_transpose.cuh"

namespace packproof::PACKPROOF_KERNELS {

void seq_to_head(const SeqToHeadParams& p, Stream stream) {
  launch_shard_transpose({.source = p.x,
                          .target = p.blocks,
                          .outer = p.tokens,
                          .inner = p.world,
                          .piece_bytes = p.shard_bytes},
                         stream);
}

void seq_to_head_backward(const SeqToHeadBackwardParams& p, Stream stream) {
  launch_shard_transpose({.source = p.blocks,
                          .target = p.dx,
                          .outer = p.world,
                          .inner = p.tokens,
                          .piece_bytes = p.shard_bytes},
                         stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
