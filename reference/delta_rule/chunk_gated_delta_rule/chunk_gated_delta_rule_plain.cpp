#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_plain.h"

#include "reference/delta_rule/chunk_gated_delta_rule/delta_rule_plain.h"

namespace packproof::reference {

Returned chunk_gated_delta_rule_fwd_plain(const Call& call) {
  plain::PlainDeltaRule(call).forward();
  return all_outputs(call);
}

Returned chunk_gated_delta_rule_bwd_plain(const Call& call) {
  plain::PlainDeltaRule(call).backward();
  return all_outputs(call);
}

}  // namespace packproof::reference
