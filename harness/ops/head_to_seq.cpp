#include "kernels/head_to_seq/head_to_seq_kernel.h"

#include "cases/head_to_seq/head_to_seq_form.h"
#include "harness/ops/head_exchange_adapter.h"
#include "harness/ops/op_list.h"
#include "harness/ops/row_move_adapter.h"
#include "reference/head_to_seq/head_to_seq_reference.h"
#include "reference/padded_baseline.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  if (call.host.has_output("y")) {
    const Tensor& y = call.device.output("y");
    const HeadExchange e = head_exchange_of(*call.host.the_case, y.dtype);
    exchange_to_sequence(
        call, e, call.device.input("x"), y,
        [&](const void* from, void* to, Stream stream) {
          PACKPROOF_LAUNCHER(call.target, head_to_seq)
          ({.blocks = from,
            .y = to,
            .tokens = e.tokens,
            .world = e.sp,
            .shard_bytes = e.shard_bytes},
           stream);
        },
        [&](const void* from, void* to, Stream stream) {
          PACKPROOF_LAUNCHER(call.target, head_to_seq_rows)
          ({.x = from, .sent = to, .rows = e.batch, .world = e.sp, .run_bytes = e.run_bytes()},
           stream);
        });
    return all_outputs(call.device);
  }
  const Tensor& dy = call.device.input("dy");
  const HeadExchange e = head_exchange_of(*call.host.the_case, dy.dtype);
  exchange_to_heads(
      call, e, dy, call.device.output("dx"),
      [&](const void* from, void* to, Stream stream) {
        PACKPROOF_LAUNCHER(call.target, head_to_seq_backward)
        ({.dy = from,
          .blocks = to,
          .tokens = e.tokens,
          .world = e.sp,
          .shard_bytes = e.shard_bytes},
         stream);
      },
      [&](const void* from, void* to, Stream stream) {
        PACKPROOF_LAUNCHER(call.target, head_to_seq_rows_backward)
        ({.received = from, .dx = to, .rows = e.batch, .world = e.sp, .run_bytes = e.run_bytes()},
         stream);
      });
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  const reference::HeadExchangeShape shape = exchange_shape_of(*call.the_case);
  if (call.has_output("y")) {
    const Tensor& x = call.input("x");
    return {moved("y", x.dtype, reference::head_to_seq(bits_of(x), shape))};
  }
  const Tensor& dy = call.input("dy");
  return {moved("dx", dy.dtype, reference::head_to_seq_backward(bits_of(dy), shape))};
}

}  // namespace

Op head_to_seq() {
  return {.form = cases::head_to_seq_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::head_to_seq_padded};
}

}  // namespace packproof::harness::ops
