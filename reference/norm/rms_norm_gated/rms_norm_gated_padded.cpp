#include <ATen/ATen.h>

#include "reference/core/timed_padded.h"
#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

constexpr double kEps = 1e-6;

}  // namespace

ReferenceResult rms_norm_gated_padded(const Call& call) {
  const bool is_forward = call.the_case->direction == Direction::fwd;
  const auto leaf = [&](TensorName name) {
    return to_torch(call.input(name)).requires_grad_(!is_forward);
  };
  const at::Tensor x = leaf("x"), z = leaf("z"), weight = leaf("weight");
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const at::Tensor rows = pad(x, cu_seqlens);
  const at::Tensor norm =
      rows * at::rsqrt(rows.square().mean(-1, /*keepdim=*/true) + kEps) * weight;
  const at::Tensor y = unpad(norm * at::silu(pad(z, cu_seqlens)), cu_seqlens, x.size(0));
  if (is_forward) return {result("y", y)};

  // dy may hold anything in slack: only valid rows take part.
  const std::int64_t valid = cu_seqlens[-1].item<std::int64_t>();
  y.narrow(0, 0, valid).backward(to_torch(call.input("dy")).narrow(0, 0, valid));
  return {result("dx", x.grad()), result("dz", z.grad()), result("dweight", weight.grad())};
}

// By LibTorch's fused rms_norm.
TimedBaseline rms_norm_gated_timed(const Call& call, RowLayout layout, TorchDevice device) {
  return timed_baseline(
      call, layout, device, {{.name = "y", .gradient = "dy"}}, [](TimedInputs& in) -> TimedForward {
        const at::Tensor x = in.rows("x"), z = in.rows("z");
        const at::Tensor weight = in.whole("weight");
        return [=] {
          return std::vector{at::rms_norm(x, weight.sizes(), weight, kEps) * at::silu(z)};
        };
      });
}

}  // namespace packproof::reference
