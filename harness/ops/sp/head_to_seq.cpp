#include "kernels/sp/head_to_seq/head_to_seq_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/sp/head_exchange_adapter.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

void to_blocks(Target target, const ShardCopy& copy, Stream stream) {
  PACKPROOF_LAUNCHER(target, head_to_seq_backward)(copy.as<HeadToSeqBackwardParams>(), stream);
}

void from_blocks(Target target, const ShardCopy& copy, Stream stream) {
  PACKPROOF_LAUNCHER(target, head_to_seq)(copy.as<HeadToSeqParams>(), stream);
}

Returned ours(const DeviceCall& call) {
  return exchange_heads(call, HeadExchangeTo::sequence, {to_blocks, from_blocks});
}

}  // namespace

Op head_to_seq() {
  return {.form = cases::head_to_seq_form(),
          .ours = ours,
          .reference = reference::head_to_seq_reference,
          .padded = reference::head_to_seq_padded};
}

}  // namespace packproof::harness::ops
