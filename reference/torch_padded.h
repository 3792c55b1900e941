// Between plain tensors, LibTorch tensors, and the padded layout. Only *_padded.cpp include this.
#pragma once

#include <string>

#include <torch/torch.h>

#include "cases/packing/reference_result.h"

namespace packproof::reference {

// A copy: floating tensors become float64, integers int64, with the same shape.
torch::Tensor to_torch(const Tensor& tensor);

// Any tensor as an output of the second opinion.
ReferenceTensor result(std::string name, const torch::Tensor& values);

// Packed rows [total_tokens, ...] -> [segments, longest, ...], zero where a row has no token.
torch::Tensor pad(const torch::Tensor& packed, const torch::Tensor& cu_seqlens);

// The inverse: [segments, longest, ...] -> [total_tokens, ...], zero in slack.
torch::Tensor unpad(const torch::Tensor& padded, const torch::Tensor& cu_seqlens,
                    std::int64_t total_tokens);

}  // namespace packproof::reference
