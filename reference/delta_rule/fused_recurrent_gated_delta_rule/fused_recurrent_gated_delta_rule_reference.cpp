// fused_recurrent_gated_delta_rule. Definition (Gated Delta Networks, arXiv 2412.06464, eq. 10, as
// fla's fused_recurrent decodes): each segment brings one or more new tokens of a sequence whose
// state S lies in a slot. For each segment and value head h with key head
// h / (value_heads / key_heads), token by token:
//   S <- exp(g) S
//   S <- S + k (beta (v - S^T k))^T
//   o  = S^T q / sqrt(key_dim)
// The slot then holds the S behind the last token. With l2norm inside, q and k are first divided by
// sqrt(sum of squares + 1e-6). A segment without a slot is padding: its rows of o are zero. A slot
// without a segment stays as it was.
//
// Magnitudes: see delta_rule_step.h.
#include "reference/core/results.h"
#include "reference/delta_rule/delta_rule_problem.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

struct Outputs {
  JudgedMatrix o;       // [total_tokens, value_heads * value_dim]; zero in slack
  JudgedMatrix states;  // [slots, value_heads * key_dim * value_dim]: afterwards
};

// The head of a segment whose state lies in `slot`.
void run_head(const DeltaRuleProblem& p, std::int64_t segment, std::int64_t slot, std::int64_t head,
              Outputs& out) {
  Eigen::Map<Matrix> value = p.state(out.states.value, slot, head);
  Eigen::Map<Matrix> magnitude = p.state(out.states.magnitude, slot, head);
  JudgedMatrix state{value, magnitude};
  p.run(p.cu_seqlens(segment), p.cu_seqlens(segment + 1), head, state, out.o);
  value = state.value;
  magnitude = state.magnitude;
}

}  // namespace

ReferenceResult fused_recurrent_gated_delta_rule_reference(const Call& call) {
  const DeltaRuleProblem p = delta_rule_problem_of(call);
  const Matrix state = matrix_of(call.input("state"));
  const Integers slots = slots_of_segments(call, "state_indices");
  Outputs out{zeros(p.v.rows(), p.v.cols()), {state, state.cwiseAbs()}};
  for (std::int64_t segment = 0; segment < slots.size(); ++segment) {
    if (slots(segment) < 0) continue;
    for (std::int64_t head = 0; head < p.value_heads; ++head)
      run_head(p, segment, slots(segment), head, out);
  }
  return {judged("o", out.o), judged("updated_state", out.states)};
}

}  // namespace packproof::reference
