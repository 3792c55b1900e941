// Does padded LibTorch agree with the Eigen reference? Where it does not, neither is trusted.
#pragma once

#include <string>

#include "cases/core/call.h"
#include "cases/core/reference_result.h"

namespace packproof::harness {

// Empty when both agree on every element that is not slack: exactly for outputs judged by bits,
// within 1e-9 of the magnitude of the sum, and the last bits of the tensor's largest, for the
// others (both are float64). Else one line that names the first element on which they differ.
std::string disagreement(const Call& call, const Signature& signature,
                         const ReferenceResult& reference, const ReferenceResult& padded);

}  // namespace packproof::harness
