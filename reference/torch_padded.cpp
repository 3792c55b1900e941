#include "reference/torch_padded.h"

#include <string>
#include <utility>
#include <vector>

#include <torch/version.h>

#include "reference/padded_baseline.h"

namespace packproof::reference {
namespace {

// [segments, longest] bool: true where a padded row holds a token.
torch::Tensor token_mask(const torch::Tensor& cu_seqlens) {
  const torch::Tensor lengths = cu_seqlens.diff();
  const std::int64_t longest = lengths.numel() == 0 ? 0 : lengths.max().item<std::int64_t>();
  return torch::arange(longest).unsqueeze(0) < lengths.unsqueeze(1);
}

}  // namespace

torch::Tensor to_torch(const Tensor& tensor) {
  std::vector<std::int64_t> shape;
  for (const Dim& dim : tensor.dims) shape.push_back(dim.size);
  if (is_floating(tensor.dtype)) {
    torch::Tensor copy = torch::empty(shape, torch::kFloat64);
    for (std::int64_t i = 0; i < tensor.count(); ++i)
      copy.mutable_data_ptr<double>()[i] = load(tensor, i);
    return copy;
  }
  torch::Tensor copy = torch::empty(shape, torch::kInt64);
  for (std::int64_t i = 0; i < tensor.count(); ++i) {
    copy.mutable_data_ptr<std::int64_t>()[i] = tensor.dtype == DType::int64
                                                   ? tensor.as<const std::int64_t>()[i]
                                                   : static_cast<std::int64_t>(load(tensor, i));
  }
  return copy;
}

ReferenceTensor result(std::string name, const torch::Tensor& values) {
  const torch::Tensor flat = values.detach().to(torch::kFloat64).contiguous();
  const double* data = flat.const_data_ptr<double>();
  return {.name = std::move(name), .value = {data, data + flat.numel()}, .magnitude = {}, .bits = {}};
}

std::string libtorch_version() { return TORCH_VERSION; }

torch::Tensor pad(const torch::Tensor& packed, const torch::Tensor& cu_seqlens) {
  const torch::Tensor mask = token_mask(cu_seqlens);
  std::vector<std::int64_t> shape = {mask.size(0), mask.size(1)};
  shape.insert(shape.end(), packed.sizes().begin() + 1, packed.sizes().end());
  const std::int64_t valid = cu_seqlens[-1].item<std::int64_t>();
  return torch::zeros(shape, packed.options()).index_put({mask}, packed.narrow(0, 0, valid));
}

torch::Tensor unpad(const torch::Tensor& padded, const torch::Tensor& cu_seqlens,
                    std::int64_t total_tokens) {
  const torch::Tensor packed = padded.index({token_mask(cu_seqlens)});
  std::vector<std::int64_t> shape(packed.sizes().begin(), packed.sizes().end());
  shape[0] = total_tokens - packed.size(0);
  return torch::cat({packed, torch::zeros(shape, packed.options())});
}

}  // namespace packproof::reference
