#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {

// As a causal model's loss shifts a padded batch: labels[:, 1:], and a pad column behind.
ReferenceResult shift_labels_padded(const Call& call) {
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const at::Tensor labels = to_torch(call.input("labels"));
  at::Tensor known = at::ones_like(labels);
  if (call.has_input("position_ids"))
    known = to_torch(call.input("position_ids")).ne(-1).to(at::kLong);

  const auto next = [](const at::Tensor& padded) {
    return at::constant_pad_nd(padded, {0, 1}).slice(1, 1);
  };
  const at::Tensor is_known = pad(known, cu_seqlens);
  const at::Tensor both = is_known * next(is_known);
  const at::Tensor shifted = next(pad(labels, cu_seqlens)).masked_fill(both == 0, -100);
  const std::int64_t valid = cu_seqlens[-1].item<std::int64_t>();
  return {result("shifted", at::constant_pad_nd(unpad(shifted, cu_seqlens, valid),
                                                {0, labels.size(0) - valid}, -100))};
}

}  // namespace packproof::reference
