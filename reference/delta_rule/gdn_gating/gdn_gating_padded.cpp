#include <ATen/ATen.h>

#include "reference/core/timed_padded.h"
#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// Above its threshold LibTorch takes softplus for the identity; its default of 20 leaves out up to
// 2e-9, which would show in float64.
constexpr double kThreshold = 40;

}  // namespace

ReferenceResult gdn_gating_padded(const Call& call) {
  const bool is_forward = call.the_case->direction == Direction::fwd;
  const auto leaf = [&](TensorName name) {
    return to_torch(call.input(name)).requires_grad_(!is_forward);
  };
  const at::Tensor a = leaf("a"), b = leaf("b"), A_log = leaf("A_log"), dt_bias = leaf("dt_bias");
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const at::Tensor decays =
      -A_log.exp() * at::softplus(pad(a, cu_seqlens) + dt_bias, /*beta=*/1, kThreshold);
  const at::Tensor g = unpad(decays, cu_seqlens, a.size(0));
  // at::sigmoid's own backward takes 1 - sigmoid, of which little is left near 1.
  const at::Tensor strengths = at::log_sigmoid(pad(b, cu_seqlens)).exp();
  const at::Tensor beta = unpad(strengths, cu_seqlens, a.size(0));
  if (is_forward) return {result("g", g), result("beta", beta)};

  // Upstream gradients may hold anything in slack: only valid rows take part.
  const std::int64_t valid = cu_seqlens[-1].item<std::int64_t>();
  const auto valid_rows = [&](const at::Tensor& rows) { return rows.narrow(0, 0, valid); };
  valid_rows(g).backward(valid_rows(to_torch(call.input("dg"))));
  valid_rows(beta).backward(valid_rows(to_torch(call.input("dbeta"))));
  return {result("da", a.grad()), result("db", b.grad()), result("dA_log", A_log.grad()),
          result("ddt_bias", dt_bias.grad())};
}

// In fp32, as the op promises.
TimedBaseline gdn_gating_timed(const Call& call, RowLayout layout, TorchDevice device) {
  return timed_baseline(
      call, layout, device,
      {{.name = "g", .gradient = "dg"}, {.name = "beta", .gradient = "dbeta"}},
      [](TimedInputs& in) -> TimedForward {
        const at::Tensor a = in.rows("a"), b = in.rows("b");
        const at::Tensor A_log = in.whole("A_log"), dt_bias = in.whole("dt_bias");
        return [=] {
          const at::Tensor step = at::softplus(a.to(at::kFloat) + dt_bias);
          return std::vector{-A_log.to(at::kFloat).exp() * step, at::sigmoid(b.to(at::kFloat))};
        };
      });
}

}  // namespace packproof::reference
