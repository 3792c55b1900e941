#include "kernels/sp/sp_pad/sp_pad_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/row_move_adapter.h"
#include "harness/ops/sp/sp_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "kernels/sp/sp_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/sp/sp_pad/sp_pad_reference.h"

namespace packproof::harness::ops {
namespace {

SpPadding padding_of(const DeviceCall& call, std::int32_t* padded) {
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  return {.kind = sp_kind(call.host),
          .world = static_cast<std::int32_t>(sp_world(call.host)),
          .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
          .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
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

ReferenceResult reference_of(const Call& call) {
  const Integers cu_seqlens = integers_of(call.input("cu_seqlens"));
  const Integers padded =
      reference::sp_padded_cu_seqlens(cu_seqlens, sp_order(call), sp_world(call));
  if (call.has_output("dx")) {
    const Tensor& rows = call.input("dx_padded");
    return {moved(
        "dx", rows.dtype,
        reference::sp_pad_backward(bits_of(rows), cu_seqlens, padded, call.output("dx").size(0)))};
  }
  const Tensor& x = call.input("x");
  const std::int64_t rows = call.output("x_padded").size(0);
  const auto column = [&](const char* name, std::int64_t pad) {
    const Tensor& values = call.input(name);
    const BitRows bits = bits_of(values).reshaped<Eigen::RowMajor>(values.size(0), 1);
    return moved(std::string(name) + "_padded", values.dtype,
                 reference::sp_pad(bits, cu_seqlens, padded, rows, pad));
  };
  return {moved("x_padded", x.dtype, reference::sp_pad(bits_of(x), cu_seqlens, padded, rows, 0)),
          column("input_ids", call.the_case->integer("pad_id")),
          column("position_ids", -1),
          column("labels", -100),
          column("weights", 0),
          exact("cu_seqlens_padded", padded)};
}

}  // namespace

Op sp_pad() {
  return {.form = cases::sp_pad_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::sp_pad_padded};
}

}  // namespace packproof::harness::ops
