// The explicit list of ops (ops.def), as C++ sees it.
#pragma once

#include <span>
#include <string_view>

#include "cases/language/descriptor.h"
#include "harness/ops/op.h"

namespace packproof::harness {

namespace ops {
#define PACKPROOF_OP(family, name) Op name();
#include "harness/ops/ops.def"
#undef PACKPROOF_OP
}  // namespace ops

// In the order of ops.def. Throws std::logic_error if two have the same name.
std::span<const Op> all_ops();

const Op* find_op(std::string_view name);  // null if there is none

// What the parsers of descriptors and case files need to know of the ops.
OpLookup op_lookup();

}  // namespace packproof::harness
