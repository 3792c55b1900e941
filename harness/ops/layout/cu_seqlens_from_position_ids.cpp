#include "kernels/layout/cu_seqlens_from_position_ids/cu_seqlens_from_position_ids_kernel.h"

#include <limits>

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/adapter.h"
#include "harness/ops/op_list.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

// position_ids is [rows, row_tokens], or that with components in front.
struct Shape {
  std::int64_t components;
  std::int64_t rows;
  std::int64_t row_tokens;
  std::int64_t tokens() const { return rows * row_tokens; }
};

Shape shape_of(const Tensor& position_ids) {
  const std::size_t rank = position_ids.dims.size();
  return {.components = rank == 3 ? position_ids.size(0) : 1,
          .rows = position_ids.size(rank - 2),
          .row_tokens = position_ids.size(rank - 1)};
}

void check_supplied(const Call& call, std::int64_t tokens, bool pads_own_segments) {
  const Tensor& supplied = call.input("cu_seq_lens_q");
  kernels::check_cu_seqlens(supplied, tokens);
  const bool pads_follow = supplied.elements<const std::int32_t>().back() < tokens;
  const std::int64_t segments = supplied.count() - 1 + (pads_own_segments && pads_follow ? 1 : 0);
  if (segments > tokens)
    throw Refusal(fmt::format(
        "cu_seq_lens_q makes {} segments{}, more than the {} tokens: cu_seqlens has an entry a "
        "token "
        "and one more; drop empty segments",
        segments, segments == supplied.count() - 1 ? "" : ", with one for the pads", tokens));
}

[[noreturn]] void refuse(const PositionStatus& status, const Call& call) {
  const Tensor& ids = call.input("position_ids");
  const Shape shape = shape_of(ids);
  const auto at = [&](std::int64_t token) { return ids.as<const std::int64_t>()[token]; };
  const std::int64_t token = status.token;
  const std::int64_t column = token % shape.row_tokens;
  const std::string place = fmt::format("position_ids, row {}, position {} (token {}) = {}",
                                        token / shape.row_tokens, column, token, at(token));
  const std::string after =
      column == 0 ? std::string("at the start of its row") : fmt::format("after {}", at(token - 1));
  switch (status.fault) {
    case PositionFault::below_pad:
      throw Refusal(place + ": positions are 0 and above, or -1 for a pad");
    case PositionFault::pad_before_token:
      throw Refusal(place +
                    ": a pad with tokens after it cannot be left out of cu_seqlens; give pads "
                    "segments of their own (pads=segment) or move them to the end");
    case PositionFault::pad_in_supplied:
      throw Refusal(place +
                    ": a pad, but cu_seq_lens_q takes it for a token; end cu_seq_lens_q before "
                    "the pads");
    case PositionFault::boundary_missing:
      throw Refusal(place + ", " + after +
                    ", opens a segment, but cu_seq_lens_q has no boundary there: they describe "
                    "different packs");
    case PositionFault::boundary_unfounded:
      throw Refusal(place + ", " + after +
                    ", goes on with its segment, but cu_seq_lens_q has a boundary there: they "
                    "describe different packs");
    case PositionFault::none:
      break;
  }
  throw std::logic_error("a fault without a name");
}

Returned ours(const DeviceCall& call) {
  const Case& c = *call.host.the_case;
  const Shape shape = shape_of(call.host.input("position_ids"));
  if (shape.tokens() >= std::numeric_limits<std::int32_t>::max())
    throw Refusal(fmt::format("{} tokens do not fit the int32 of cu_seqlens: split the batch",
                              shape.tokens()));
  const bool supplied = call.host.has_input("cu_seq_lens_q");
  if (supplied) check_supplied(call.host, shape.tokens(), c.is("pads", "segment"));

  void* workspace = call.workspace(cu_seqlens_from_position_ids_workspace(shape.tokens()));
  const auto output = [&](TensorName name) { return call.device.output(name).as<std::int32_t>(); };
  PACKPROOF_LAUNCHER(call.target, cu_seqlens_from_position_ids)
  ({.position_ids = call.device.input("position_ids").as<const std::int64_t>(),
    .rows = shape.rows,
    .row_tokens = shape.row_tokens,
    .form = shape.components == 3 ? PositionForm::mrope : PositionForm::text,
    .pad_runs = c.is("pads", "segment") ? PadRuns::own_a_segment : PadRuns::own_no_segment,
    .supplied = optional_input<std::int32_t>(call.device, "cu_seq_lens_q"),
    .supplied_segments =
        supplied ? static_cast<std::int32_t>(call.device.input("cu_seq_lens_q").count() - 1) : 0,
    .workspace = workspace,
    .cu_seqlens = output("cu_seqlens"),
    .num_segments = output("num_segments"),
    .max_seqlen = output("max_seqlen"),
    .valid_tokens = output("valid_tokens")},
   call.stream);

  PositionStatus status{};
  call.copy_to_host(&status, workspace, sizeof status);
  if (status.fault != PositionFault::none) refuse(status, call.host);
  return all_outputs(call.device);
}

}  // namespace

Op cu_seqlens_from_position_ids() {
  return {.form = cases::cu_seqlens_from_position_ids_form(),
          .ours = ours,
          .reference = reference::cu_seqlens_from_position_ids_reference,
          .padded = reference::cu_seqlens_from_position_ids_padded,
          .waits_for_device = true,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
