#include "kernels/norm/l2norm/l2norm_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/norm/norm_adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const auto in = checked_head_rows<L2NormInputs>(call);
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

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("heads={} dim={}", model.key_heads, model.key_dim);
}

// Forward: square, sum, scale. Backward: the same sum, that of x dy, and two products and a
// difference.
double flops(const Case& the_case) {
  return valid_elements(the_case) * (the_case.direction == Direction::fwd ? 3 : 7);
}

}  // namespace

Op l2norm() {
  return {.form = cases::l2norm_form(),
          .ours = ours,
          .reference = reference::l2norm_reference,
          .plain = reference::l2norm_plain,
          .padded = reference::l2norm_padded,
          .bench = {.fields = layer_fields, .flops = flops, .baseline = reference::l2norm_timed}};
}

}  // namespace packproof::harness::ops
