// What a call of the gated delta rule computes from, wherever its states lie.
#pragma once

#include <cmath>
#include <cstdint>

#include "reference/core/call_arrays.h"
#include "reference/delta_rule/delta_rule_step.h"

namespace packproof::reference {

struct DeltaRuleProblem {
  std::int64_t key_heads, value_heads, key_dim, value_dim;
  Matrix q, k;          // [total_tokens, key_heads * key_dim]
  Matrix v;             // [total_tokens, value_heads * value_dim]
  Matrix g, beta;       // [total_tokens, value_heads]
  Integers cu_seqlens;  // [segments + 1]
  bool has_norm;        // q and k are first divided by sqrt(sum of squares + 1e-6)

  // The first column of a value head's key head in rows like q.
  std::int64_t key_column(std::int64_t head) const {
    return head / (value_heads / key_heads) * key_dim;
  }
  DeltaRuleVector key_row(const Matrix& m, std::int64_t row, std::int64_t head) const {
    return m.row(row).segment(key_column(head), key_dim).transpose();
  }
  // Of rows like v.
  DeltaRuleVector value_row(const Matrix& m, std::int64_t row, std::int64_t head) const {
    return m.row(row).segment(head * value_dim, value_dim).transpose();
  }
  void set_value_row(Matrix& m, std::int64_t row, std::int64_t head,
                     const DeltaRuleVector& values) const {
    m.row(row).segment(head * value_dim, value_dim) = values.transpose();
  }

  DeltaRuleToken token(std::int64_t row, std::int64_t head) const {
    DeltaRuleToken x{key_row(q, row, head), key_row(k, row, head), value_row(v, row, head),
                     std::exp(g(row, head)), beta(row, head)};
    if (has_norm) x.normalize();
    return x;
  }

  // The tokens of rows [first, last) in one value head: their rows of o, and `state` behind them.
  void run(std::int64_t first, std::int64_t last, std::int64_t head, JudgedMatrix& state,
           JudgedMatrix& o) const {
    for (std::int64_t row = first; row < last; ++row) {
      const DeltaRuleToken x = token(row, head);
      update(state, x);
      const DeltaRuleOutput out = read(state, x);
      set_value_row(o.value, row, head, out.value);
      set_value_row(o.magnitude, row, head, out.magnitude);
    }
  }

  // Of states [states, value_heads * key_dim * value_dim] one head of one, [key_dim, value_dim].
  Eigen::Map<Matrix> state(Matrix& states, std::int64_t row, std::int64_t head) const {
    return {states.row(row).data() + head * key_dim * value_dim, key_dim, value_dim};
  }
  Eigen::Map<const Matrix> state(const Matrix& states, std::int64_t row, std::int64_t head) const {
    return {states.row(row).data() + head * key_dim * value_dim, key_dim, value_dim};
  }
};

inline DeltaRuleProblem delta_rule_problem_of(const Call& call) {
  return {.key_heads = call.input("k").size(1),
          .value_heads = call.input("v").size(1),
          .key_dim = call.input("k").size(2),
          .value_dim = call.input("v").size(2),
          .q = matrix_of(call.input("q")),
          .k = matrix_of(call.input("k")),
          .v = matrix_of(call.input("v")),
          .g = matrix_of(call.input("g")),
          .beta = matrix_of(call.input("beta")),
          .cu_seqlens = cu_seqlens_of(call),
          .has_norm = call.the_case->is("l2norm", "inside")};
}

}  // namespace packproof::reference
