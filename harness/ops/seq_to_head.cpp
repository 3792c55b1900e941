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
  const std::int64_t world = call.host.the_case->integer("sp");
  if (call.host.has_output("y")) {
    const Tensor& x = call.device.input("x");
    const HeadExchange exchange = head_exchange_of(x, world);
    exchange_to_heads(call, exchange, x, call.device.output("y"),
                      [&](const void* from, void* to, Stream stream) {
                        PACKPROOF_LAUNCHER(call.target, seq_to_head)
                        ({.x = from,
                          .blocks = to,
                          .tokens = exchange.tokens,
                          .world = exchange.world,
                          .shard_bytes = exchange.shard_bytes},
                         stream);
                      });
    return all_outputs(call.device);
  }
  const Tensor& dx = call.device.output("dx");
  const HeadExchange exchange = head_exchange_of(dx, world);
  exchange_to_sequence(call, exchange, call.device.input("dy"), dx,
                       [&](const void* from, void* to, Stream stream) {
                         PACKPROOF_LAUNCHER(call.target, seq_to_head_backward)
                         ({.blocks = from,
                           .dx = to,
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
    return {moved("y", x.dtype, reference::seq_to_head(bits_of(x), x.size(1), world))};
  }
  const Tensor& dy = call.input("dy");
  return {moved("dx", dy.dtype, reference::seq_to_head_backward(bits_of(dy), dy.size(2), world))};
}

}  // namespace

Op seq_to_head() {
  return {.form = cases::seq_to_head_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::seq_to_head_padded};
}

}  // namespace packproof::harness::ops
