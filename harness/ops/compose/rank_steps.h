// A composed op by our kernels, on one rank.
#pragma once

#include "harness/ops/compose/composition.h"

namespace packproof::harness {

// Runs the rank's part of the call, the op's tensors being those of all ranks. Writes its own rows
// of outputs; its copy of the gradient of what all ranks have alike, which is added in fp32 in the
// order of ranks and rounded once; and its copy of the gathered gradient of what ranks share out.
// Every edge has scratch memory of its own until the rank's part has ended. The op has checked that
// the ranks can have equal shares.
void run_on_rank(const Composition& steps, const DeviceCall& call, const RankCall& rank);

}  // namespace packproof::harness
