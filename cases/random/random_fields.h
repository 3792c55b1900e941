// Random values of an op's fields.
#pragma once

#include <string>

#include "cases/core/op_form.h"
#include "cases/core/philox.h"

namespace packproof {

// Whether values that must be refused are among those drawn.
enum class Refusable : bool { no, yes };

// A value that the field takes, as text: its fallback, an end of its range or a neighbour of it,
// any octave, around a power of two; each choice alike.
std::string random_value(const FieldSpec& field, Refusable refusable, PhiloxSequence& random);

// In [0, bound), for bounds up to 2^62.
std::uint64_t random_below(std::uint64_t bound, PhiloxSequence& random);

}  // namespace packproof
