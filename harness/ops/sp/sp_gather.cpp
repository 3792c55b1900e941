#include "kernels/sp/sp_gather/sp_gather_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/sp/sp_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "kernels/sp/sp_check.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

void check(const Call& call, const Tensor& shares, std::int64_t tokens) {
  const Tensor& cu_seqlens = call.input("cu_seqlens");
  const Tensor& padded = call.input("cu_seqlens_padded");
  const std::int64_t world = sp_world(call);
  // Shares of a row that cannot be shared out are rounded up, so what they hold says nothing.
  const std::int64_t asked = call.the_case->integer("padded_cap");
  kernels::check_sp_rows(asked > 0 ? asked : shares.size(0) * shares.size(1), world);
  kernels::check_cu_seqlens(cu_seqlens, tokens);
  kernels::check_sp_boundaries(padded, shares.size(0) * shares.size(1), sp_kind(call), world);
  kernels::check_sp_agreement(cu_seqlens, padded, sp_kind(call));
}

Returned ours(const DeviceCall& call) {
  const bool is_forward = call.host.has_output("y");
  const Tensor& shares = is_forward ? call.device.input("x") : call.device.output("dx");
  const Tensor& tokens = is_forward ? call.device.output("y") : call.device.input("dy");
  check(call.host, shares, tokens.size(1));

  const SpLayout layout = sp_layout_of(call, shares.size(0) * shares.size(1));
  const Boundaries of_tokens = boundaries_of(call.device.input("cu_seqlens"));
  call.on_ranks(layout.world, [&](const RankCall& rank) {
    if (is_forward) {
      PACKPROOF_LAUNCHER(call.target, sp_gather)
      ({.layout = layout,
        .cu_seqlens = of_tokens.cu_seqlens,
        .segments = of_tokens.segments,
        .total_tokens = tokens.size(1),
        .row_bytes = row_bytes(tokens),
        .shares = gathered_shares(rank, shares),
        .y = part_of(tokens, rank),
        .source_of = row_map(rank, tokens.size(1))},
       rank.stream);
      return;
    }
    PACKPROOF_LAUNCHER(call.target, sp_gather_backward)
    ({.layout = layout,
      .cu_seqlens = of_tokens.cu_seqlens,
      .segments = of_tokens.segments,
      .rank = rank.rank(),
      .row_bytes = row_bytes(shares),
      .dy = part_of(tokens, rank),
      .dx = part_of(shares, rank),
      .source_of = row_map(rank, layout.share_rows)},
     rank.stream);
  });
  return all_outputs(call.device);
}

}  // namespace

Op sp_gather() {
  return {.form = cases::sp_gather_form(),
          .ours = ours,
          .reference = reference::sp_gather_reference,
          .padded = reference::sp_gather_padded};
}

}  // namespace packproof::harness::ops
