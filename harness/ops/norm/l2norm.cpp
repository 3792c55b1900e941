#include "kernels/norm/l2norm/l2norm_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/norm/l2norm/l2norm_plain.h"
#include "reference/norm/l2norm/l2norm_reference.h"

namespace packproof::harness::ops {
namespace {

constexpr double kEps = 1e-6;

// Checks everything that can be refused: nothing was written yet.
L2NormInputs checked_inputs(const DeviceCall& call) {
  const Tensor& x = call.device.input("x");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), x.size(0));
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  return {.dtype = x.dtype,
          .total_tokens = x.size(0),
          .heads = static_cast<std::int32_t>(x.size(1)),
          .dim = static_cast<std::int32_t>(x.size(2)),
          .eps = static_cast<float>(kEps),
          .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
          .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
          .x = x.data};
}

Returned ours(const DeviceCall& call) {
  const L2NormInputs in = checked_inputs(call);
  if (call.device.the_case->direction == Direction::fwd) {
    PACKPROOF_LAUNCHER(call.target, l2norm)
    ({.in = in, .y = call.device.output("y").data}, call.stream);
  } else {
    PACKPROOF_LAUNCHER(call.target, l2norm_backward)
    ({.in = in, .dy = call.device.input("dy").data, .dx = call.device.output("dx").data},
     call.stream);
  }
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  const Tensor& x = call.input("x");
  const reference::L2NormProblem problem = {.x = matrix_of(x),
                                            .heads = x.size(1),
                                            .eps = kEps,
                                            .cu_seqlens = integers_of(call.input("cu_seqlens"))};
  const bool is_forward = call.the_case->direction == Direction::fwd;
  const reference::JudgedMatrix m =
      is_forward ? l2norm(problem) : l2norm_backward(problem, matrix_of(call.input("dy")));
  return {judged(is_forward ? "y" : "dx", m.value, m.magnitude)};
}

Returned plain(const Call& call) {
  return call.the_case->direction == Direction::fwd ? reference::l2norm_fwd_plain(call)
                                                    : reference::l2norm_bwd_plain(call);
}

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("heads={} dim={}", model.key_heads, model.key_dim);
}

// Forward: square, sum, scale. Backward: the same sum, that of x dy, and two products and a
// difference.
double flops(const Case& the_case) {
  const auto elements = static_cast<double>(the_case.valid_tokens() * the_case.integer("heads") *
                                            the_case.integer("dim"));
  return elements * (the_case.direction == Direction::fwd ? 3 : 7);
}

}  // namespace

Op l2norm() {
  return {.form = cases::l2norm_form(),
          .ours = ours,
          .reference = reference_of,
          .plain = plain,
          .padded = reference::l2norm_padded,
          .bench = {.fields = layer_fields, .flops = flops, .baseline = reference::l2norm_timed}};
}

}  // namespace packproof::harness::ops
