#include <ATen/ATen.h>

#include "reference/padded_baseline.h"
#include "reference/torch_padded.h"

namespace packproof::reference {
namespace {

constexpr double kEps = 1e-6;

}  // namespace

ReferenceResult l2norm_padded(const Call& call) {
  const bool is_forward = call.the_case->direction == Direction::fwd;
  const at::Tensor x = to_torch(call.input("x")).requires_grad_(!is_forward);
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const at::Tensor rows = pad(x, cu_seqlens);
  const at::Tensor y = unpad(rows * at::rsqrt(rows.square().sum(-1, /*keepdim=*/true) + kEps),
                             cu_seqlens, x.size(0));
  if (is_forward) return {result("y", y)};

  // dy may hold anything in slack: only valid rows take part.
  const std::int64_t valid = cu_seqlens[-1].item<std::int64_t>();
  y.narrow(0, 0, valid).backward(to_torch(call.input("dy")).narrow(0, 0, valid));
  return {result("dx", x.grad())};
}

}  // namespace packproof::reference
