#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// By heads -> by sequence, on a view with an axis for each thing that is shared out.
at::Tensor to_sequence(const at::Tensor& x, const Case& c, const std::vector<std::int64_t>& shape) {
  const std::int64_t sp = c.integer("sp"), ring = c.integer("ring"), batch = c.integer("batch");
  return x.reshape({ring, sp, batch, sp, -1, x.size(-2), x.size(-1)})
      .permute({0, 3, 2, 4, 1, 5, 6})
      .reshape(shape);
}

}  // namespace

// Pads would move as tokens do, so there is nothing to pad: shards are cut and joined by LibTorch.
ReferenceResult head_to_seq_padded(const Call& call) {
  const Case& c = *call.the_case;
  if (call.has_output("y"))
    return {result("y", to_sequence(to_torch(call.input("x")), c, shape_of(call.output("y"))))};
  const at::Tensor x = at::zeros(shape_of(call.output("dx")), at::kDouble).requires_grad_(true);
  to_sequence(x, c, shape_of(call.input("dy"))).backward(to_torch(call.input("dy")));
  return {result("dx", x.grad())};
}

}  // namespace packproof::reference
