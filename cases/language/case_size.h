// How much a case takes, known before anything is allocated.
#pragma once

#include <cstdint>
#include <optional>

#include "cases/core/tensor.h"

namespace packproof {

// Elements of all tensors, with the gaps between rows that hold memory. Nothing where the case is
// not of a size for everyday runs: over 64 sequence-parallel ranks, or 2^34 bytes reserved for one
// tensor.
std::optional<std::int64_t> everyday_elements(const Signature& signature);

}  // namespace packproof
