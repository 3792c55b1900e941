// Whether the values of a recurrence stay within what its arithmetic can hold.
#pragma once

#include <string>

#include "harness/evidence/output_judge.h"
#include "harness/evidence/output_layout.h"

namespace packproof::verdict {

// Why no value of the call can be held against this output's reference, in one line; else empty.
// Of outputs with a closed bound never: each of their elements stands for itself. In a recurrence
// what overflows passes on, as infinity or as NaN by the order of its terms. So: where the
// reference is beyond the dtype, or the plain run of the same inputs is not finite where the
// reference is. Never under Fill::specials, whose NaN and infinities are given.
std::string beyond_range(const OutputEvidence& evidence, const OutputLayout& layout);

// The same for one element that a candidate has wrong, of any output: empty unless the plain run of
// the same inputs has it wrong too. Such an element shows no fault.
std::string wrong_in_plain_run(const OutputEvidence& evidence, const OutputLayout& layout,
                               std::int64_t element);

}  // namespace packproof::verdict
