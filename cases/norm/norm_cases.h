// What the forms of norms of heads share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof {

// heads, dim and zeros.
std::vector<FieldSpec> norm_fields();

// Descriptors of the quick tier: each layout of the edge catalogue under these fields in turn, and
// the contracts.
std::vector<std::string> norm_layouts(std::string_view op);

}  // namespace packproof
