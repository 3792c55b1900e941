// Between plain tensors, LibTorch tensors, and the padded layout. Only *_padded.cpp include this.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "cases/core/reference_result.h"

namespace packproof::reference {

std::vector<std::int64_t> shape_of(const Tensor& tensor);

// A copy: floating tensors become float64, integers int64, with the same shape.
at::Tensor to_torch(const Tensor& tensor);

// Any tensor as an output of the second opinion.
ReferenceTensor result(std::string name, const at::Tensor& values);

// [segments, longest] bool: true where a padded row holds a token.
at::Tensor token_mask(const at::Tensor& cu_seqlens);

// The rows of all tokens [tokens, ...] -> [segments, longest, ...], zero where the mask is false.
at::Tensor put_rows(const at::Tensor& tokens, const at::Tensor& mask);

// Packed rows [total_tokens, ...] -> [segments, longest, ...], zero where a row has no token.
at::Tensor pad(const at::Tensor& packed, const at::Tensor& cu_seqlens);

// The inverse: [segments, longest, ...] -> [total_tokens, ...], zero in slack.
at::Tensor unpad(const at::Tensor& padded, const at::Tensor& cu_seqlens, std::int64_t total_tokens);

}  // namespace packproof::reference
