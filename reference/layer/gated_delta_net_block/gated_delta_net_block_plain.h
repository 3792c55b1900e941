// The projections of gated_delta_net_block's plain baseline, the obvious way. Rounding points, as
// in transformers: each projection's output once, its sum being fp32; each gradient of a weight
// once; the gradient of a shared input once a projection, and again each time that one is added.
#pragma once

#include <cstdint>

#include "cases/core/tensor.h"

namespace packproof::reference {

// y [tokens, out] = x [tokens, in] weight^T, weight [out, in]; zero from row `valid` on.
void linear_plain(const Tensor& x, const Tensor& weight, const Tensor& y, std::int64_t valid);

// dx [tokens, in] += dy [tokens, out] weight, rounded twice.
void linear_input_plain(const Tensor& dy, const Tensor& weight, const Tensor& dx,
                        std::int64_t valid);

// dweight [out, in] = dy^T x over the valid rows.
void linear_weight_plain(const Tensor& dy, const Tensor& x, const Tensor& dweight,
                         std::int64_t valid);

}  // namespace packproof::reference
