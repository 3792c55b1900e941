#include "kernels/sp/sp_pad/sp_pad_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/sp/sp_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "kernels/sp/sp_check.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

SpPadding padding_of(const DeviceCall& call, std::int32_t* padded) {
  const auto [cu_seqlens, segments] = boundaries_of(call.device.input("cu_seqlens"));
  return {.kind = sp_kind(call.host),
          .world = narrow(sp_world(call.host)),
          .cu_seqlens = cu_seqlens,
          .segments = segments,
          .padded = padded};
}

SpPadColumns columns_of(const Call& device) {
  return {.input_ids = device.input("input_ids").as<const std::int64_t>(),
          .position_ids = device.input("position_ids").as<const std::int64_t>(),
          .labels = device.input("labels").as<const std::int64_t>(),
          .weights = device.input("weights").as<const float>(),
          .input_ids_padded = device.output("input_ids_padded").as<std::int64_t>(),
          .position_ids_padded = device.output("position_ids_padded").as<std::int64_t>(),
          .labels_padded = device.output("labels_padded").as<std::int64_t>(),
          .weights_padded = device.output("weights_padded").as<float>()};
}

Returned ours(const DeviceCall& call) {
  const bool is_forward = call.host.has_output("x_padded");
  const Call& device = call.device;
  const Tensor& tokens = is_forward ? device.input("x") : device.output("dx");
  const Tensor& rows = is_forward ? device.output("x_padded") : device.input("dx_padded");
  const Tensor& cu_seqlens = call.host.input("cu_seqlens");
  kernels::check_cu_seqlens(cu_seqlens, tokens.size(0));
  kernels::check_sp_rows(rows.size(0), sp_world(call.host));
  kernels::check_sp_pads_fit(cu_seqlens, rows.size(0), sp_kind(call.host), sp_world(call.host));

  if (is_forward) {
    PACKPROOF_LAUNCHER(call.target, sp_pad)
    ({.padding = padding_of(call, device.output("cu_seqlens_padded").as<std::int32_t>()),
      .columns = columns_of(device),
      .pad_id = call.host.the_case->integer("pad_id"),
      .padded_rows = rows.size(0),
      .row_bytes = row_bytes(rows),
      .x = tokens.data,
      .x_padded = rows.data,
      .token_of = scratch<std::int32_t>(call, rows.size(0))},
     call.stream);
  } else {
    PACKPROOF_LAUNCHER(call.target, sp_pad_backward)
    ({.padding = padding_of(call, scratch<std::int32_t>(call, cu_seqlens.size(0) + 1)),
      .total_tokens = tokens.size(0),
      .row_bytes = row_bytes(rows),
      .dx_padded = rows.data,
      .dx = tokens.data,
      .row_of = scratch<std::int32_t>(call, tokens.size(0))},
     call.stream);
  }
  return all_outputs(device);
}

}  // namespace

Op sp_pad() {
  return {.form = cases::sp_pad_form(),
          .ours = ours,
          .reference = reference::sp_pad_reference,
          .padded = reference::sp_pad_padded};
}

}  // namespace packproof::harness::ops
