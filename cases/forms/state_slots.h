// What the forms of ops with a state in place share: the slots that states lie in.
#pragma once

#include <string>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/core/tensor.h"

namespace packproof {

// The field `indices`: where the states lie.
FieldSpec slot_indices_field();

bool has_slot_indices(const Case& the_case);

// The first axis of the state: a slot a segment, or, with indices, two more that nobody has.
Dim state_slots(const Case& the_case);

// int32 [segments]: the slot of each, from the last slot down. Only with indices.
InputSpec slot_indices_input(const Case& the_case, const std::string& name);

}  // namespace packproof
