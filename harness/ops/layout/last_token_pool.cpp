#include "kernels/layout/last_token_pool/last_token_pool_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/row_move_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/layout/last_token_pool/last_token_pool_reference.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const bool is_forward = call.host.has_output("y");
  const Tensor& tokens = is_forward ? call.device.input("x") : call.device.output("dx");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), tokens.size(0));
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  const auto segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1);
  if (is_forward) {
    PACKPROOF_LAUNCHER(call.target, last_token_pool)
    ({.x = tokens.data,
      .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
      .segments = segments,
      .row_bytes = row_bytes(tokens),
      .y = call.device.output("y").data,
      .flag = call.device.output("flag").as<std::int32_t>(),
      .last_token_of = scratch<std::int32_t>(call, segments)},
     call.stream);
  } else {
    PACKPROOF_LAUNCHER(call.target, last_token_pool_backward)
    ({.dy = call.device.input("dy").data,
      .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
      .segments = segments,
      .total_tokens = tokens.size(0),
      .row_bytes = row_bytes(tokens),
      .dx = tokens.data,
      .segment_of_last = scratch<std::int32_t>(call, tokens.size(0))},
     call.stream);
  }
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  const Integers cu_seqlens = integers_of(call.input("cu_seqlens"));
  if (call.has_output("dx")) {
    const Tensor& dy = call.input("dy");
    return {moved(
        "dx", dy.dtype,
        reference::last_token_pool_backward(bits_of(dy), cu_seqlens, call.output("dx").size(0)))};
  }
  const Tensor& x = call.input("x");
  return {moved("y", x.dtype, reference::last_token_pool(bits_of(x), cu_seqlens)),
          exact("flag", reference::last_token_pool_flag(cu_seqlens))};
}

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("dim={}", model.hidden);
}

// Forward reads one row a segment, and not the others.
double bytes(const Case& the_case) {
  const auto rows = static_cast<double>(the_case.segments());
  const auto row_bytes =
      static_cast<double>(the_case.integer("dim")) * static_cast<double>(size_of(the_case.dtype));
  constexpr double kIndexBytes = 4;  // of cu_seqlens and flag
  if (the_case.direction == Direction::fwd)
    return 2 * rows * row_bytes + (2 * rows + 1) * kIndexBytes;
  return (rows + static_cast<double>(the_case.valid_tokens())) * row_bytes +
         (rows + 1) * kIndexBytes;
}

}  // namespace

Op last_token_pool() {
  return {.form = cases::last_token_pool_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::last_token_pool_padded,
          .bench = {.fields = layer_fields, .bytes = bytes}};
}

}  // namespace packproof::harness::ops
