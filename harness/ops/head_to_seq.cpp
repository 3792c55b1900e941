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
  const std::int64_t world = call.host.the_case->integer("sp");
  if (call.host.has_output("y")) {
    const Tensor& y = call.device.output("y");
    const HeadExchange exchange = head_exchange_of(y, world);
    exchange_to_sequence(call, exchange, call.device.input("x"), y,
                         [&](const void* from, void* to, Stream stream) {
                           PACKPROOF_LAUNCHER(call.target, head_to_seq)
                           ({.blocks = from,
                             .y = to,
                             .tokens = exchange.tokens,
                             .world = exchange.world,
                             .shard_bytes = exchange.shard_bytes},
                            stream);
                         });
    return all_outputs(call.device);
  }
  const Tensor& dy = call.device.input("dy");
  const HeadExchange exchange = head_exchange_of(dy, world);
  exchange_to_heads(call, exchange, dy, call.device.output("dx"),
                    [&](const void* from, void* to, Stream stream) {
                      PACKPROOF_LAUNCHER(call.target, head_to_seq_backward)
                      ({.dy = from,
                        .blocks = to,
                        .tokens = exchange.tokens,
                        .world = exchange.world,
                        .shard_bytes = exchange.shard_bytes},
                       stream);
                    });
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  const std::int64_t world = call.the_case->integer("sp");
  if (call.has_output("y")) {
    const Tensor& x = call.input("x");
    return {moved("y", x.dtype, reference::head_to_seq(bits_of(x), x.size(2), world))};
  }
  const Tensor& dy = call.input("dy");
  return {moved("dx", dy.dtype, reference::head_to_seq_backward(bits_of(dy), dy.size(1), world))};
}

}  // namespace

Op head_to_seq() {
  return {.form = cases::head_to_seq_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::head_to_seq_padded};
}

}  // namespace packproof::harness::ops
