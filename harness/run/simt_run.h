// Our kernels on the host executor.
#pragma once

#include "harness/ops/op.h"

namespace packproof::harness {

// Runs the op's own kernels on the call's memory. Throws Refusal.
Returned run_on_simt(const Op& op, const Call& call);

}  // namespace packproof::harness
