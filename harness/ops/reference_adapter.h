// The block's reference takes matrices, and gives them.
#pragma once

#include <string>
#include <utility>

#include "reference/core/call_arrays.h"
#include "reference/core/results.h"

namespace packproof::harness {

using reference::integers_of;
using reference::matrix_of;

inline ReferenceTensor judged(std::string name, const reference::Matrix& value,
                              const reference::Matrix& magnitude) {
  return reference::judged(std::move(name), {value, magnitude});
}

}  // namespace packproof::harness
