#include "kernels/sp/sp_split/sp_split_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/sp/sp_adapter.h"
#include "kernels/sp/sp_check.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const bool is_forward = call.host.has_output("y");
  const std::int64_t rows =
      is_forward ? call.host.input("x").size(0) : call.host.output("dx").size(1);
  kernels::check_sp_rows(rows, sp_world(call.host));
  kernels::check_sp_boundaries(call.host.input("cu_seqlens_padded"), rows, sp_kind(call.host),
                               sp_world(call.host));

  const SpLayout layout = sp_layout_of(call, rows);
  call.on_ranks(layout.world, [&](const RankCall& rank) {
    if (is_forward) {
      const Tensor& y = call.device.output("y");
      PACKPROOF_LAUNCHER(call.target, sp_split)
      ({.layout = layout,
        .rank = rank.rank(),
        .row_bytes = row_bytes(y),
        .x = call.device.input("x").data,
        .y = part_of(y, rank),
        .source_of = row_map(rank, layout.share_rows)},
       rank.stream);
      return;
    }
    const Tensor& dx = call.device.output("dx");
    const void* shares = gathered_shares(rank, call.device.input("dy"));
    PACKPROOF_LAUNCHER(call.target, sp_split_backward)
    ({.layout = layout,
      .row_bytes = row_bytes(dx),
      .shares = shares,
      .dx = part_of(dx, rank),
      .source_of = row_map(rank, rows)},
     rank.stream);
  });
  return all_outputs(call.device);
}

}  // namespace

Op sp_split() {
  return {.form = cases::sp_split_form(),
          .ours = ours,
          .reference = reference::sp_split_reference,
          .padded = reference::sp_split_padded};
}

}  // namespace packproof::harness::ops
