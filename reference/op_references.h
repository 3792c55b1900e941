// What each op is judged by: three functions of a call. What an op computes, exactly, stands at the
// head of its <op>_reference.cpp. A composed op defines name_padded alone: it runs its parts.
#pragma once

#include "cases/core/call.h"
#include "cases/core/reference_result.h"

namespace packproof::reference {

// name_reference: the definition, in float64 with Eigen.
// name_plain: the obvious low-precision implementation, which limits are measured from. Its
// rounding
//   points stand at the head of its file. Only ops with outputs judged by tolerance define one.
// name_padded: what a user would do without packing. It pads to [batch, longest], runs LibTorch's
//   best op for that in float64 (`value` only, slack zero), and unpads: a sharp second opinion on
//   the reference. No LibTorch type crosses this header: see decision-libtorch-boundary.md.
#define PACKPROOF_OP(family, name)                    \
  ReferenceResult name##_reference(const Call& call); \
  Returned name##_plain(const Call& call);            \
  ReferenceResult name##_padded(const Call& call);
#include "harness/ops/ops.def"
#undef PACKPROOF_OP

}  // namespace packproof::reference
