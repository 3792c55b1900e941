#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// As unpad_input: boolean indexing takes the rows where the mask holds, and its running row sums
// are the boundaries.
at::Tensor pack_rows(const at::Tensor& padded, const at::Tensor& mask, std::int64_t total_tokens) {
  const at::Tensor rows = padded.index({mask});
  return at::constant_pad_nd(rows, {0, 0, 0, total_tokens - rows.size(0)});
}

}  // namespace

ReferenceResult pack_padded(const Call& call) {
  const at::Tensor mask = to_torch(call.input("mask")).to(at::kBool);
  if (call.has_output("packed")) {
    const at::Tensor boundaries = mask.sum(1).cumsum(0);
    return {result("packed",
                   pack_rows(to_torch(call.input("padded")), mask, call.output("packed").size(0))),
            result("cu_seqlens", at::constant_pad_nd(boundaries, {1, 0}))};
  }
  const at::Tensor dpacked = to_torch(call.input("dpacked"));
  const at::Tensor padded =
      at::zeros({mask.size(0), mask.size(1), dpacked.size(1)}, at::kDouble).requires_grad_(true);
  pack_rows(padded, mask, dpacked.size(0)).backward(dpacked);
  return {result("dpadded", padded.grad())};
}

}  // namespace packproof::reference
