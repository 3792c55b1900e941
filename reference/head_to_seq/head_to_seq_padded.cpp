#include <ATen/ATen.h>

#include "reference/padded_baseline.h"
#include "reference/torch_padded.h"

namespace packproof::reference {
namespace {

// [world, tokens, heads / world, dim] -> [tokens, heads, dim]
at::Tensor to_sequence(const at::Tensor& x) { return at::cat(x.unbind(0), 1); }

}  // namespace

// Pads would move as tokens do, so there is nothing to pad: shards are cut and joined by LibTorch.
ReferenceResult head_to_seq_padded(const Call& call) {
  if (call.has_output("y")) return {result("y", to_sequence(to_torch(call.input("x"))))};
  const at::Tensor dy = to_torch(call.input("dy"));
  const std::int64_t world = call.the_case->integer("sp");
  const at::Tensor x = at::zeros({world, dy.size(0), dy.size(1) / world, dy.size(2)}, at::kDouble)
                           .requires_grad_(true);
  to_sequence(x).backward(dy);
  return {result("dx", x.grad())};
}

}  // namespace packproof::reference
