#include <vector>

#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// [rows, dim] -> [world, rows / world, dim] by LibTorch's own chunks: each segment's, folded in the
// middle, so that chunk r meets chunk 2 world - 1 - r.
at::Tensor split(const at::Tensor& x, const at::Tensor& cu_seqlens, const Case& c) {
  const std::int64_t world = c.integer("sp");
  if (c.is("layout", "contiguous")) return x.reshape({world, x.size(0) / world, x.size(1)});
  std::vector<at::Tensor> parts;
  for (std::int64_t s = 0; s + 1 < cu_seqlens.size(0); ++s) {
    const at::Tensor chunks =
        x.slice(0, cu_seqlens[s].item<std::int64_t>(), cu_seqlens[s + 1].item<std::int64_t>())
            .unflatten(0, {2 * world,
                           (cu_seqlens[s + 1] - cu_seqlens[s]).item<std::int64_t>() / (2 * world)});
    parts.push_back(at::cat({chunks.slice(0, 0, world), chunks.slice(0, world).flip(0)}, 1));
  }
  return at::cat(parts, 1);
}

}  // namespace

ReferenceResult sp_split_padded(const Call& call) {
  const at::Tensor padded = to_torch(call.input("cu_seqlens_padded"));
  const Case& c = *call.the_case;
  if (call.has_output("y")) return {result("y", split(to_torch(call.input("x")), padded, c))};
  const at::Tensor dy = to_torch(call.input("dy"));
  const at::Tensor x =
      at::zeros({dy.size(0) * dy.size(1), dy.size(2)}, at::kDouble).requires_grad_(true);
  split(x, padded, c).backward(dy);
  return {result("dx", x.grad().expand({dy.size(0), x.size(0), x.size(1)}))};
}

}  // namespace packproof::reference
