#include "reference/core/torch_padded.h"

#include <string>
#include <utility>
#include <vector>

#include <ATen/Parallel.h>
#include <torch/version.h>

#include "reference/core/libtorch.h"

namespace packproof::reference {
std::vector<std::int64_t> shape_of(const Tensor& tensor) {
  std::vector<std::int64_t> shape;
  for (const Dim& dim : tensor.dims) shape.push_back(dim.size);
  return shape;
}

at::Tensor to_torch(const Tensor& tensor) {
  const std::vector<std::int64_t> shape = shape_of(tensor);
  if (is_floating(tensor.dtype)) {
    at::Tensor copy = at::empty(shape, at::kDouble);
    for (std::int64_t i = 0; i < tensor.count(); ++i)
      copy.mutable_data_ptr<double>()[i] = load(tensor, i);
    return copy;
  }
  at::Tensor copy = at::empty(shape, at::kLong);
  for (std::int64_t i = 0; i < tensor.count(); ++i) {
    copy.mutable_data_ptr<std::int64_t>()[i] = tensor.dtype == DType::int64
                                                   ? tensor.as<const std::int64_t>()[i]
                                                   : static_cast<std::int64_t>(load(tensor, i));
  }
  return copy;
}

ReferenceTensor result(std::string name, const at::Tensor& values) {
  const at::Tensor flat = values.detach().to(at::kDouble).contiguous();
  const double* data = flat.const_data_ptr<double>();
  return {
      .name = std::move(name), .value = {data, data + flat.numel()}, .magnitude = {}, .bits = {}};
}

void use_one_libtorch_thread() { at::set_num_threads(1); }

std::string libtorch_version() { return TORCH_VERSION; }

at::Tensor token_mask(const at::Tensor& cu_seqlens) {
  const at::Tensor lengths = cu_seqlens.diff();
  const std::int64_t longest = lengths.numel() == 0 ? 0 : lengths.max().item<std::int64_t>();
  return at::arange(longest).unsqueeze(0) < lengths.unsqueeze(1);
}

at::Tensor put_rows(const at::Tensor& tokens, const at::Tensor& mask) {
  std::vector<std::int64_t> shape = {mask.size(0), mask.size(1)};
  shape.insert(shape.end(), tokens.sizes().begin() + 1, tokens.sizes().end());
  return at::zeros(shape, tokens.options()).index_put_({mask}, tokens);
}

at::Tensor pad(const at::Tensor& packed, const at::Tensor& cu_seqlens) {
  const std::int64_t valid = cu_seqlens[-1].item<std::int64_t>();
  return put_rows(packed.narrow(0, 0, valid), token_mask(cu_seqlens));
}

at::Tensor unpad(const at::Tensor& padded, const at::Tensor& cu_seqlens,
                 std::int64_t total_tokens) {
  const at::Tensor packed = padded.index({token_mask(cu_seqlens)});
  std::vector<std::int64_t> shape(packed.sizes().begin(), packed.sizes().end());
  shape[0] = total_tokens - packed.size(0);
  return at::cat({packed, at::zeros(shape, packed.options())});
}

}  // namespace packproof::reference
