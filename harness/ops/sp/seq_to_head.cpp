#include "kernels/sp/seq_to_head/seq_to_head_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/sp/head_exchange_adapter.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

void to_blocks(Target target, const ShardCopy& copy, Stream stream) {
  PACKPROOF_LAUNCHER(target, seq_to_head)(copy.as<SeqToHeadParams>(), stream);
}

void from_blocks(Target target, const ShardCopy& copy, Stream stream) {
  PACKPROOF_LAUNCHER(target, seq_to_head_backward)(copy.as<SeqToHeadBackwardParams>(), stream);
}

Returned ours(const DeviceCall& call) {
  return exchange_heads(call, HeadExchangeTo::heads, {to_blocks, from_blocks});
}

}  // namespace

Op seq_to_head() {
  return {.form = cases::seq_to_head_form(),
          .ours = ours,
          .reference = reference::seq_to_head_reference,
          .padded = reference::seq_to_head_padded};
}

}  // namespace packproof::harness::ops
