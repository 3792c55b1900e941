#include "kernels/seq_to_head/seq_to_head_kernel.h"

#include "cases/seq_to_head/seq_to_head_form.h"
#include "harness/ops/head_exchange_adapter.h"
#include "harness/ops/op_list.h"
#include "harness/ops/row_move_adapter.h"
#include "reference/padded_baseline.h"
#include "reference/seq_to_head/seq_to_head_reference.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  if (call.host.has_output("y")) {
    const Tensor& x = call.device.input("x");
    const HeadExchange e = head_exchange_of(*call.host.the_case, x.dtype);
    exchange_to_heads(
        call, e, x, call.device.output("y"),
        [&](const void* from, void* to, Stream stream) {
          PACKPROOF_LAUNCHER(call.target, seq_to_head)
          ({.x = from,
            .blocks = to,
            .tokens = e.tokens,
            .world = e.sp,
            .shard_bytes = e.shard_bytes},
           stream);
        },
        [&](const void* from, void* to, Stream stream) {
          PACKPROOF_LAUNCHER(call.target, seq_to_head_rows)
          ({.received = from, .y = to, .rows = e.batch, .world = e.sp, .run_bytes = e.run_bytes()},
           stream);
        });
    return all_outputs(call.device);
  }
  const Tensor& dx = call.device.output("dx");
  const HeadExchange e = head_exchange_of(*call.host.the_case, dx.dtype);
  exchange_to_sequence(
      call, e, call.device.input("dy"), dx,
      [&](const void* from, void* to, Stream stream) {
        PACKPROOF_LAUNCHER(call.target, seq_to_head_backward)
        ({.blocks = from,
          .dx = to,
          .tokens = e.tokens,
          .world = e.sp,
          .shard_bytes = e.shard_bytes},
         stream);
      },
      [&](const void* from, void* to, Stream stream) {
        PACKPROOF_LAUNCHER(call.target, seq_to_head_rows_backward)
        ({.dy = from, .sent = to, .rows = e.batch, .world = e.sp, .run_bytes = e.run_bytes()},
         stream);
      });
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  const reference::HeadExchangeShape shape = exchange_shape_of(*call.the_case);
  if (call.has_output("y")) {
    const Tensor& x = call.input("x");
    return {moved("y", x.dtype, reference::seq_to_head(bits_of(x), shape))};
  }
  const Tensor& dy = call.input("dy");
  return {moved("dx", dy.dtype, reference::seq_to_head_backward(bits_of(dy), shape))};
}

}  // namespace

Op seq_to_head() {
  return {.form = cases::seq_to_head_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::seq_to_head_padded};
}

}  // namespace packproof::harness::ops
