// The plain baseline of chunk_gated_delta_rule: the chunked form (WY representation, arXiv
// 2412.06464, section 3.3) in fp32, 64 tokens a chunk, written for reading. Limits are measured
// from it.
//
// Rounding points: every operand of a matrix product is rounded to the dtype of q, as for tensor
// cores (fp32: not at all); sums, decays, gates and states are fp32. With l2norm inside, q and k
// are rounded after it.
#include "reference/delta_rule/chunk_gated_delta_rule/delta_rule_plain.h"
#include "reference/op_references.h"

namespace packproof::reference {

Returned chunk_gated_delta_rule_plain(const Call& call) {
  const plain::PlainDeltaRule rule(call);
  if (call.the_case->direction == Direction::fwd)
    rule.forward();
  else
    rule.backward();
  return all_outputs(call);
}

}  // namespace packproof::reference
