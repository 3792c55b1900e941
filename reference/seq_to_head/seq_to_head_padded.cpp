#include <ATen/ATen.h>

#include "reference/padded_baseline.h"
#include "reference/torch_padded.h"

namespace packproof::reference {
namespace {

// [tokens, heads, dim] -> [world, tokens, heads / world, dim]
at::Tensor to_heads(const at::Tensor& x, std::int64_t world) {
  return at::stack(x.chunk(world, 1));
}

}  // namespace

// Pads would move as tokens do, so there is nothing to pad: shards are cut and joined by LibTorch.
ReferenceResult seq_to_head_padded(const Call& call) {
  const std::int64_t world = call.the_case->integer("sp");
  if (call.has_output("y")) return {result("y", to_heads(to_torch(call.input("x")), world))};
  const at::Tensor dy = to_torch(call.input("dy"));
  const at::Tensor x = at::zeros({dy.size(1), dy.size(0) * dy.size(2), dy.size(3)}, at::kDouble)
                           .requires_grad_(true);
  to_heads(x, world).backward(dy);
  return {result("dx", x.grad())};
}

}  // namespace packproof::reference
