// What the forms of pack and unpack share: a padded batch, its mask, and the packed rows.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/core/padded_layout.h"
#include "cases/core/tensor.h"

namespace packproof {

// padding, margin, features, and `conflict`: what is wrong with the mask.
std::vector<FieldSpec> padded_rows_fields(FieldSpec conflict);

struct PaddedRows {
  PaddedLayout layout;
  Dims padded;     // [batch, length, features]
  Dims packed;     // [capacity, features]
  InputSpec mask;  // uint8 [batch, length], broken by break_mask
};

// Throws CaseError for a gradient of integers.
PaddedRows padded_rows(const Case& the_case,
                       void (*break_mask)(const Case&, std::vector<std::int64_t>& mask));

}  // namespace packproof
