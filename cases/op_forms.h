// The form of each op, which says what it takes and gives, and generates its cases. What an op does
// stands at the head of its cases/<family>/<op>/<op>_form.cpp; where its cases are many, they lie
// beside that, as <op>_cases().
#pragma once

#include "cases/core/op_form.h"

namespace packproof::cases {

#define PACKPROOF_OP(family, name) \
  OpForm name##_form();            \
  CasesByTier name##_cases();
#include "harness/ops/ops.def"
#undef PACKPROOF_OP

}  // namespace packproof::cases
