#include "kernels/layout/last_token_pool/last_token_pool_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const bool is_forward = call.host.has_output("y");
  const Tensor& tokens = is_forward ? call.device.input("x") : call.device.output("dx");
  const auto [cu_seqlens, segments] = checked_boundaries(call, tokens.size(0));
  if (is_forward) {
    PACKPROOF_LAUNCHER(call.target, last_token_pool)
    ({.x = tokens.data,
      .cu_seqlens = cu_seqlens,
      .segments = segments,
      .row_bytes = row_bytes(tokens),
      .y = call.device.output("y").data,
      .flag = call.device.output("flag").as<std::int32_t>(),
      .last_token_of = scratch<std::int32_t>(call, segments)},
     call.stream);
  } else {
    PACKPROOF_LAUNCHER(call.target, last_token_pool_backward)
    ({.dy = call.device.input("dy").data,
      .cu_seqlens = cu_seqlens,
      .segments = segments,
      .total_tokens = tokens.size(0),
      .row_bytes = row_bytes(tokens),
      .dx = tokens.data,
      .segment_of_last = scratch<std::int32_t>(call, tokens.size(0))},
     call.stream);
  }
  return all_outputs(call.device);
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
          .reference = reference::last_token_pool_reference,
          .padded = reference::last_token_pool_padded,
          .bench = {.fields = layer_fields, .bytes = bytes}};
}

}  // namespace packproof::harness::ops
