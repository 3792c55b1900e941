#include "cases/language/case_size.h"

#include <algorithm>

namespace packproof {
namespace {

constexpr std::int64_t kMostRanks = 64;
constexpr std::size_t kMostBytes = std::size_t{1} << 34;

bool is_everyday(const Tensor& tensor) {
  return tensor.bytes() <= kMostBytes &&
         std::none_of(tensor.dims.begin(), tensor.dims.end(), [](const Dim& dim) {
           return dim.axis == Axis::rank && dim.size > kMostRanks;
         });
}

std::int64_t held_elements(const Tensor& tensor) {
  if (tensor.row_stride == 0 || tensor.is_sparse()) return tensor.count();
  return static_cast<std::int64_t>(tensor.bytes() / size_of(tensor.dtype));
}

}  // namespace

std::optional<std::int64_t> everyday_elements(const Signature& signature) {
  std::vector<Tensor> tensors;
  for (const InputSpec& input : signature.inputs)
    tensors.push_back(
        {.name = {}, .dtype = input.dtype, .dims = input.dims, .row_stride = input.row_stride});
  for (const OutputSpec& output : signature.outputs)
    tensors.push_back({.name = {}, .dtype = output.dtype, .dims = output.dims});
  std::int64_t elements = 0;
  for (const Tensor& tensor : tensors) {
    if (!is_everyday(tensor)) return std::nullopt;
    elements += held_elements(tensor);
  }
  return elements;
}

}  // namespace packproof
