#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// As models pool a right-padded batch: gather at length - 1 of each row. Rows of no token are set
// to zero, not multiplied by it, which would keep a NaN.
at::Tensor pool(const at::Tensor& x, const at::Tensor& cu_seqlens) {
  const at::Tensor lengths = cu_seqlens.diff();
  const at::Tensor padded = at::constant_pad_nd(pad(x, cu_seqlens), {0, 0, 0, 1});
  const at::Tensor last = (lengths - 1).clamp_min(0).view({-1, 1, 1}).expand({-1, 1, x.size(1)});
  return padded.gather(1, last).squeeze(1).masked_fill((lengths == 0).unsqueeze(1), 0);
}

}  // namespace

ReferenceResult last_token_pool_padded(const Call& call) {
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  if (call.has_output("y"))
    return {result("y", pool(to_torch(call.input("x")), cu_seqlens)),
            result("flag", cu_seqlens.diff().clamp_max(1))};
  const at::Tensor dy = to_torch(call.input("dy"));
  const at::Tensor x =
      at::zeros({call.output("dx").size(0), dy.size(1)}, at::kDouble).requires_grad_(true);
  pool(x, cu_seqlens).backward(dy);
  return {result("dx", x.grad())};
}

}  // namespace packproof::reference
