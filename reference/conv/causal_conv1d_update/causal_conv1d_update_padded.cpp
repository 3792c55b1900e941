#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {

// conv1d sees [segments with a slot, channels, state and longest]. Rows are unpadded before the
// activation: beyond a row's end the window sees its last tokens.
ReferenceResult causal_conv1d_update_padded(const Call& call) {
  const at::Tensor x = to_torch(call.input("x")), weight = to_torch(call.input("weight"));
  const at::Tensor state = to_torch(call.input("conv_state"));
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const at::Tensor slots = call.has_input("conv_state_indices")
                               ? to_torch(call.input("conv_state_indices"))
                               : at::arange(cu_seqlens.size(0) - 1);
  const std::int64_t channels = weight.size(0), width = weight.size(1), kept = state.size(2);

  at::Tensor rows = pad(x, cu_seqlens).transpose(1, 2);
  const std::int64_t longest = rows.size(2);
  // conv1d takes no row without a column.
  if (longest == 0) rows = at::constant_pad_nd(rows, {0, 1});
  const at::Tensor has_slot = slots >= 0;
  const at::Tensor before = state.index_select(0, slots.clamp_min(0));
  const at::Tensor extended = at::cat({before, rows}, 2);

  const at::Tensor bias = call.has_input("bias") ? to_torch(call.input("bias")) : at::Tensor();
  const at::Tensor seen = extended.narrow(2, kept - (width - 1), rows.size(2) + width - 1);
  at::Tensor u = at::conv1d(seen, weight.unsqueeze(1), bias, /*stride=*/1,
                            /*padding=*/at::IntArrayRef({0}), /*dilation=*/1, /*groups=*/channels);
  u = at::where(has_slot.view({-1, 1, 1}), u, 0.0);
  const at::Tensor packed = unpad(u.narrow(2, 0, longest).transpose(1, 2), cu_seqlens, x.size(0));

  const at::Tensor columns = cu_seqlens.diff().unsqueeze(1) + at::arange(kept).unsqueeze(0);
  const at::Tensor after = extended.gather(2, columns.unsqueeze(1).expand({-1, channels, -1}));
  const at::Tensor updated = state.index_put({slots.index({has_slot})}, after.index({has_slot}));
  return {result("y", call.the_case->is("activation", "none") ? packed : at::silu(packed)),
          result("updated_state", updated)};
}

}  // namespace packproof::reference
