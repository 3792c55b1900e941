// What references computed, as the outputs of a call.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "cases/core/call.h"
#include "cases/core/reference_result.h"
#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

// Judged by bits, which are those of the values.
inline ReferenceTensor exact(std::string name, const Integers& values) {
  return {.name = std::move(name),
          .value = {values.data(), values.data() + values.size()},
          .magnitude = {},
          .bits = {}};
}
inline ReferenceTensor exact(std::string name, std::int64_t value) {
  return exact(std::move(name), Integers::Constant(1, value).eval());
}

// Judged by the bits that moved.
inline ReferenceTensor moved(std::string name, DType dtype, const BitRows& bits) {
  ReferenceTensor result = {.name = std::move(name),
                            .value = {},
                            .magnitude = {},
                            .bits = {bits.data(), bits.data() + bits.size()}};
  for (std::uint64_t& element : result.bits)
    result.value.push_back(
        load({.name = result.name, .dtype = dtype, .dims = {}, .data = &element}, 0));
  return result;
}

// Judged by tolerance.
inline ReferenceTensor judged(std::string name, const JudgedMatrix& m) {
  return {.name = std::move(name),
          .value = {m.value.data(), m.value.data() + m.value.size()},
          .magnitude = {m.magnitude.data(), m.magnitude.data() + m.magnitude.size()},
          .bits = {}};
}

struct NamedMatrix {
  const char* name;
  const JudgedMatrix& matrix;
};

// Of these, the outputs that the call has.
inline ReferenceResult judged_outputs(const Call& call, std::initializer_list<NamedMatrix> all) {
  ReferenceResult results;
  for (const NamedMatrix& one : all)
    if (call.has_output(TensorName(one.name))) results.push_back(judged(one.name, one.matrix));
  return results;
}

}  // namespace packproof::reference
