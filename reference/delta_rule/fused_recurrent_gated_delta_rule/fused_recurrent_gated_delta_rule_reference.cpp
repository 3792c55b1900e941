#include "reference/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_reference.h"

#include <cmath>

#include "reference/delta_rule/delta_rule_step.h"

namespace packproof::reference {
namespace {

DeltaRuleToken token_of(const FusedRecurrentProblem& p, std::int64_t row, std::int64_t head) {
  const std::int64_t key_head = head / (p.value_heads / p.key_heads);
  DeltaRuleToken x{p.q.row(row).segment(key_head * p.key_dim, p.key_dim).transpose(),
                   p.k.row(row).segment(key_head * p.key_dim, p.key_dim).transpose(),
                   p.v.row(row).segment(head * p.value_dim, p.value_dim).transpose(),
                   std::exp(p.g(row, head)), p.beta(row, head)};
  if (p.normalize) x.normalize();
  return x;
}

// [key_dim, value_dim]
Eigen::Map<Matrix> state_of(const FusedRecurrentProblem& p, Matrix& states, std::int64_t slot,
                            std::int64_t head) {
  return {states.row(slot).data() + head * p.key_dim * p.value_dim, p.key_dim, p.value_dim};
}

void run_head(const FusedRecurrentProblem& p, std::int64_t segment, std::int64_t head,
              FusedRecurrentOutputs& out) {
  Eigen::Map<Matrix> value = state_of(p, out.state.value, p.slots(segment), head);
  Eigen::Map<Matrix> magnitude = state_of(p, out.state.magnitude, p.slots(segment), head);
  JudgedMatrix state{value, magnitude};
  for (std::int64_t row = p.cu_seqlens(segment); row < p.cu_seqlens(segment + 1); ++row) {
    const DeltaRuleToken x = token_of(p, row, head);
    update(state, x);
    const DeltaRuleOutput o = read(state, x);
    out.o.value.row(row).segment(head * p.value_dim, p.value_dim) = o.value.transpose();
    out.o.magnitude.row(row).segment(head * p.value_dim, p.value_dim) = o.magnitude.transpose();
  }
  value = state.value;
  magnitude = state.magnitude;
}

}  // namespace

FusedRecurrentOutputs fused_recurrent_gated_delta_rule(const FusedRecurrentProblem& p) {
  FusedRecurrentOutputs out{zeros(p.v.rows(), p.v.cols()), {p.state, p.state.cwiseAbs()}};
  for (std::int64_t segment = 0; segment < p.slots.size(); ++segment) {
    if (p.slots(segment) < 0) continue;
    for (std::int64_t head = 0; head < p.value_heads; ++head) run_head(p, segment, head, out);
  }
  return out;
}

}  // namespace packproof::reference
