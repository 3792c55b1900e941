// Fills whose numbers no arithmetic on trial can hold: such cases are refused when they are made.
#pragma once

#include "cases/core/case.h"
#include "cases/core/tensor.h"

namespace packproof {

// Refuses Fill::large where it reaches arithmetic in anything but fp16: the other dtypes end where
// fp32 does, in which everybody multiplies and sums. Data that only moves may be of any size.
// Throws CaseError.
void check_fill(const Case& the_case, const Signature& signature);

// For ops that round between two products, or that multiply three inputs: not even fp16 has room
// for Fill::large. Throws CaseError.
void refuse_large(const Case& the_case);

// For ops whose definition multiplies tiny inputs: fp16 results would be lost below its smallest
// number, and any small value would pass for them. Throws CaseError.
void refuse_lost_products(const Case& the_case);

}  // namespace packproof
