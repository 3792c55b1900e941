// One generated element as a double: exact for every fill but `normal`, which multiplies twice.
#pragma once

#include <cstdint>

#include "cases/core/case.h"
#include "cases/core/dtype.h"
#include "cases/core/philox.h"
#include "cases/core/tensor.h"

namespace packproof::inputs {

// What all elements of one tensor share.
struct ElementRule {
  Fill fill = Fill::normal;
  DType dtype = DType::fp32;  // picks the top of the range for Fill::large
  double scale = 1;           // standard deviation for Fill::normal and Fill::specials
  Spread spread = Spread::symmetric;
  PhiloxKey key{};           // from the seed
  std::uint64_t stream = 0;  // from the tensor's name
};

// The value of element `index`, to be rounded to the dtype.
double element_value(const ElementRule& rule, std::uint64_t index);

// The largest finite value of a floating dtype.
double largest_finite(DType dtype);

}  // namespace packproof::inputs
