// Which cases everybody must refuse (contracts C1, C3 and C7), as far as forms know.
#pragma once

#include <string>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/core/tensor.h"

namespace packproof {

// What must be refused, such as "cu_dtype=int64", or "" for a case that must run. The case must be
// one of this form, and `signature` its own.
std::string due_refusal(const Case& the_case, const OpForm& form, const Signature& signature);

}  // namespace packproof
