// For tests of references by values computed by hand: a call made of names, sizes and values.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cases/core/call.h"
#include "cases/core/reference_result.h"

namespace packproof::reference {

using Sizes = std::vector<std::int64_t>;
using Values = std::vector<double>;

struct HandMadeTensor {
  Sizes sizes;
  Values values;  // row-major
};

// Plain data: change what you like and compute again.
struct HandMadeCall {
  Direction direction = Direction::fwd;
  std::map<std::string, std::string, std::less<>> fields = {};
  std::map<std::string, HandMadeTensor> inputs = {};    // float64
  std::map<std::string, HandMadeTensor> integers = {};  // inputs of int64
  std::map<std::string, Sizes> outputs = {};            // without memory: references write nothing
  std::int64_t capacity = 0;
};

namespace hand_made_detail {

inline Dims dims_of(const Sizes& sizes) {
  Dims dims;
  for (const std::int64_t size : sizes) dims.push_back({Axis::entry, size});
  return dims;
}

// `memory` are the values as the dtype has them.
template <class Memory>
void add(Call& call, const std::string& name, const Sizes& sizes, Memory& memory) {
  constexpr bool kIsFloating = std::is_floating_point_v<typename Memory::value_type>;
  const Dims dims = dims_of(sizes);
  if (element_count(dims) != std::ssize(memory))
    throw std::logic_error(name + ": its sizes and its values do not fit");
  call.inputs.push_back({name, kIsFloating ? DType::fp64 : DType::int64, dims, memory.data()});
}

}  // namespace hand_made_detail

inline HandMadeTensor list(Values values) { return {{std::ssize(values)}, std::move(values)}; }

// Rows [begin, end) of the first axis.
inline HandMadeTensor rows(const HandMadeTensor& tensor, std::int64_t begin, std::int64_t end) {
  HandMadeTensor part = {tensor.sizes, {}};
  const std::int64_t size = std::ssize(tensor.values) / part.sizes.at(0);
  part.sizes[0] = end - begin;
  part.values.assign(tensor.values.begin() + begin * size, tensor.values.begin() + end * size);
  return part;
}

inline ReferenceResult run(ReferenceResult (*reference)(const Call&), HandMadeCall made) {
  Case the_case;
  the_case.direction = made.direction;
  the_case.capacity = made.capacity;
  the_case.fields = made.fields;
  Call call{.the_case = &the_case, .inputs = {}, .outputs = {}};
  for (auto& [name, tensor] : made.inputs)
    hand_made_detail::add(call, name, tensor.sizes, tensor.values);
  std::map<std::string, std::vector<std::int64_t>> integers;
  for (const auto& [name, tensor] : made.integers) {
    integers[name].assign(tensor.values.begin(), tensor.values.end());
    hand_made_detail::add(call, name, tensor.sizes, integers[name]);
  }
  for (const auto& [name, sizes] : made.outputs)
    call.outputs.push_back({name, DType::fp64, hand_made_detail::dims_of(sizes), nullptr});
  return reference(call);
}

// One output.
inline const ReferenceTensor& tensor_of(const ReferenceResult& result, const std::string& name) {
  for (const ReferenceTensor& tensor : result)
    if (tensor.name == name) return tensor;
  throw std::logic_error("the reference gives no " + name);
}
inline const Values& value_of(const ReferenceResult& result, const std::string& name) {
  return tensor_of(result, name).value;
}
inline const Values& magnitude_of(const ReferenceResult& result, const std::string& name) {
  return tensor_of(result, name).magnitude;
}

inline Values scaled(Values values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

// Whether all elements agree to float64.
inline bool near(const Values& a, const Values& b) {
  double largest = 0;
  for (const double value : b) largest = std::max(largest, std::abs(value));
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [largest](double x, double y) {
    return std::abs(x - y) <= 1e-14 * (1 + largest);
  });
}

}  // namespace packproof::reference
