#include "kernels/sp/seq_to_head/seq_to_head_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/row_move_adapter.h"
#include "harness/ops/sp/head_exchange_adapter.h"
#include "reference/core/padded_baseline.h"
#include "reference/sp/seq_to_head/seq_to_head_reference.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const Case& c = *call.host.the_case;
  const HeadExchange exchange = head_exchange_of(c, c.dtype);
  const std::int32_t sp = exchange.sp;
  const ShardStep to_blocks = [&](const void* from, void* to, std::int64_t tokens,
                                  std::int64_t shard_bytes, Stream stream) {
    PACKPROOF_LAUNCHER(call.target, seq_to_head)
    ({.x = from, .blocks = to, .tokens = tokens, .world = sp, .shard_bytes = shard_bytes}, stream);
  };
  const ShardStep from_blocks = [&](const void* from, void* to, std::int64_t tokens,
                                    std::int64_t shard_bytes, Stream stream) {
    PACKPROOF_LAUNCHER(call.target, seq_to_head_backward)
    ({.blocks = from, .dx = to, .tokens = tokens, .world = sp, .shard_bytes = shard_bytes}, stream);
  };
  if (call.host.has_output("y"))
    exchange_to_heads(call, exchange, call.device.input("x"), call.device.output("y"), to_blocks,
                      from_blocks);
  else
    exchange_to_sequence(call, exchange, call.device.input("dy"), call.device.output("dx"),
                         to_blocks, from_blocks);
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
