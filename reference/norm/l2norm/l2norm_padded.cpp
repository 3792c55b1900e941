#include <ATen/ATen.h>

#include "reference/core/timed_padded.h"
#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

constexpr double kEps = 1e-6;

at::Tensor normalized(const at::Tensor& rows) {
  return rows * at::rsqrt(rows.square().sum(-1, /*keepdim=*/true) + kEps);
}

}  // namespace

ReferenceResult l2norm_padded(const Call& call) {
  const bool is_forward = call.the_case->direction == Direction::fwd;
  const at::Tensor x = to_torch(call.input("x")).requires_grad_(!is_forward);
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const at::Tensor y = unpad(normalized(pad(x, cu_seqlens)), cu_seqlens, x.size(0));
  if (is_forward) return {result("y", y)};

  // dy may hold anything in slack: only valid rows take part.
  const std::int64_t valid = cu_seqlens[-1].item<std::int64_t>();
  y.narrow(0, 0, valid).backward(to_torch(call.input("dy")).narrow(0, 0, valid));
  return {result("dx", x.grad())};
}

TimedBaseline l2norm_timed(const Call& call, RowLayout layout, TorchDevice device) {
  return timed_baseline(call, layout, device, {{.name = "y", .gradient = "dy"}},
                        [](TimedInputs& in) -> TimedForward {
                          const at::Tensor x = in.rows("x");
                          return [x] { return std::vector{normalized(x)}; };
                        });
}

}  // namespace packproof::reference
