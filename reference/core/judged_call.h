// One call of a part of a layer in float64: what enters it comes with the magnitudes of what made
// it, and so does what leaves it.
//
// Magnitudes m say at which scale arithmetic errs, not by how much. On the way forwards what is
// projected, convolved and gated counts as right to so many digits, alike for all tokens: parts
// read its values alone. From the delta rule on m is carried along: through the state (as in
// delta_rule_step.h), through the norm, which divides by what the output of the state happens to
// be, and, backwards, through every part to the first order in the errors of both factors of each
// product.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cases/core/case.h"
#include "cases/core/tensor.h"
#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

// The first axis as rows, all others as columns.
struct JudgedTensor {
  Dims dims;
  JudgedMatrix rows;
};

struct JudgedCall {
  const Case* the_case = nullptr;
  Integers cu_seqlens;  // [segments + 1], valid; what lies before the first and behind the last of
                        // them is of no segment: never read, and zero in what is written
  std::map<std::string, const JudgedTensor*, std::less<>> inputs;
  std::map<std::string, JudgedTensor*, std::less<>> outputs;  // zeros at first

  bool is_forward() const { return the_case->direction == Direction::fwd; }
  // The first one of a segment, and the one behind the last.
  std::int64_t first_token() const { return cu_seqlens(0); }
  std::int64_t last_token() const { return cu_seqlens(cu_seqlens.size() - 1); }
  const JudgedTensor& tensor(std::string_view name) const { return *need(inputs, name); }
  const JudgedMatrix& input(std::string_view name) const { return tensor(name).rows; }
  const Matrix& value(std::string_view name) const { return input(name).value; }
  JudgedMatrix& output(std::string_view name) const { return need(outputs, name)->rows; }

 private:
  template <class Tensors>
  static typename Tensors::mapped_type need(const Tensors& tensors, std::string_view name) {
    const auto found = tensors.find(name);
    if (found == tensors.end())
      throw std::logic_error("a part has no tensor '" + std::string(name) + "'");
    return found->second;
  }
};

}  // namespace packproof::reference
