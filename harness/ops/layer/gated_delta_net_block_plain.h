// The plain baseline of gated_delta_net_block: the plain baselines of its steps, one after another,
// on one rank. What is between two steps is rounded to the dtype, as in transformers.
#pragma once

#include "cases/core/call.h"

namespace packproof::harness {

Returned gated_delta_net_block_plain(const Call& call);

}  // namespace packproof::harness
