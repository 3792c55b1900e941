// Makes the inputs of a case: the same descriptor gives the same bits on every host and compiler.
#pragma once

#include <cstdint>

#include "cases/core/case.h"
#include "cases/core/tensor.h"

namespace packproof::inputs {

// Writes every element of `into`, whose name, dtype, dims and row stride are those of `spec`, an
// input of the case's `signature`.
//
// With `spec.values` these are stored; the count must match and each must fit the dtype. Otherwise
// the input is floating and element i is a pure function of (seed + seed_offset, spec.name, i) and
// the case's fill: neither the tensor's dims nor other tensors matter. Values are rounded once, to
// the dtype. Specials of recurrences lie in some segments only (special_rows.h).
//
// Then, for floating inputs, rows that `spec.zero_rows` flags become zeros, and rows of the first
// token axis at and beyond cu_seqlens[-1] get the case's slack fill. Where the case hands over a
// broken cu_seqlens every row counts as valid. Rows that `spec.slack_rows` flags get it too, and so
// do the gaps between rows that lie apart, unless the tensor is sparse.
//
// Throws std::logic_error if `into` or `spec` breaks these rules.
void fill_input(const Case& the_case, const Signature& signature, const InputSpec& spec,
                const Tensor& into, std::uint64_t seed_offset = 0);

}  // namespace packproof::inputs
