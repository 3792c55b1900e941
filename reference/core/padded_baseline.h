// The padded LibTorch baselines, one a op: what a user would do without packing. They pad to
// [batch, longest], run LibTorch's best op for it, and unpad. No LibTorch type crosses this header:
// see decision-libtorch-boundary.md.
#pragma once

#include <string>

#include "cases/core/reference_result.h"

namespace packproof::reference {

// Each computes every output of the call in float64 (`value` only, slack zero), so that it is a
// sharp second opinion on the Eigen reference.
#define PACKPROOF_OP(family, name) ReferenceResult name##_padded(const Call& call);
#include "harness/ops/ops.def"
#undef PACKPROOF_OP

// For a process that judges one case among several at a time: LibTorch starts no threads of its
// own.
void use_one_libtorch_thread();

// "2.11.0". Loads nothing and starts no thread.
std::string libtorch_version();

}  // namespace packproof::reference
