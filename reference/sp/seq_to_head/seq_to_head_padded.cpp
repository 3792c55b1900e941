#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// By sequence -> by heads, on a view with an axis for each thing that is shared out.
at::Tensor to_heads(const at::Tensor& x, const Case& c) {
  const std::int64_t sp = c.integer("sp"), ring = c.integer("ring"), batch = c.integer("batch");
  const std::int64_t dim = x.size(-1), heads = x.size(-2);
  return x.reshape({ring, sp, batch, -1, sp, heads / sp, dim})
      .permute({0, 4, 2, 1, 3, 5, 6})
      .reshape({ring * sp, batch, -1, heads / sp, dim});
}

}  // namespace

// Pads would move as tokens do, so there is nothing to pad: shards are cut and joined by LibTorch.
ReferenceResult seq_to_head_padded(const Call& call) {
  if (call.has_output("y"))
    return {result("y", to_heads(to_torch(call.input("x")), *call.the_case))};
  const at::Tensor x = at::zeros(shape_of(call.output("dx")), at::kDouble).requires_grad_(true);
  to_heads(x, *call.the_case).backward(to_torch(call.input("dy")));
  return {result("dx", x.grad())};
}

}  // namespace packproof::reference
