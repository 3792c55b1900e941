// What the forms of ops on cu_seqlens share: the input itself, its dtype, and the cases that such
// an op must refuse.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/core/tensor.h"

namespace packproof {

// cu_seqlens [S + 1] int32, as the case gives it.
InputSpec cu_seqlens_input(const Case& the_case);

// The field `cu_dtype`, for the case that gives cu_seqlens as int64 and must be refused (C7).
FieldSpec cu_dtype_field();
// cu_seqlens_input with the dtype of that field.
InputSpec cu_seqlens_input_of_any_dtype(const Case& the_case);

// The field `chunk`: tokens a chunk.
FieldSpec chunk_field();

// Descriptors of one op: its name, each text of each group, and seed=1.
using CaseTexts = std::span<const std::string_view>;
std::vector<std::string> descriptors_of(std::string_view op,
                                        std::initializer_list<CaseTexts> groups);
// The same of both directions.
std::vector<std::string> descriptors_of(std::string_view op,
                                        std::initializer_list<CaseTexts> forward,
                                        std::initializer_list<CaseTexts> backward);

// Texts for descriptors_of: a falling cu_seqlens, one that does not start at 0, one that ends
// beyond the tokens, one of int64; each refused by contract C7.
CaseTexts refused_boundaries();

}  // namespace packproof
