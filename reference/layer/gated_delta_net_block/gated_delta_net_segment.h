// One segment of gated_delta_net_block on its way through the layer, and the way back.
#pragma once

#include <vector>

#include "reference/delta_rule/delta_rule_step.h"
#include "reference/layer/gated_delta_net_block/gated_delta_net_block_reference.h"

namespace packproof::reference {

// Products of judged matrices: values, and magnitudes to the first order.
JudgedMatrix product(const JudgedMatrix& left, const JudgedMatrix& right);
JudgedMatrix transposed(const JudgedMatrix& m);
// Right to so many digits.
JudgedMatrix exact(const Matrix& m);
void operator+=(JudgedMatrix& to, const JudgedMatrix& term);

class GatedDeltaNetSegment {
 public:
  // Runs the segment forwards.
  GatedDeltaNetSegment(const GatedDeltaNetBlockProblem& problem, std::int64_t segment);

  JudgedMatrix output() const { return product(normed_, exact(p_.out_weight.transpose())); }
  // Adds to the gradients of the weights, sets the segment's rows of that of the hidden states.
  void backward(const Matrix& dy, GatedDeltaNetBlockGradients& d) const;

  std::int64_t start() const { return start_; }
  std::int64_t length() const { return x_.rows(); }

 private:
  // A head of one token.
  struct Norm {
    double r;                // 1 / rms
    Eigen::RowVectorXd n;    // r o
    Eigen::RowVectorXd n_m;  // r times the magnitude of o
  };
  // Gradients of what enters the delta rule, and of z.
  struct HeadGradients {
    JudgedMatrix conv, z, g, beta;
  };

  void convolve();
  void gate();
  void recur(std::int64_t head);
  void normalize();

  Norm norm_of(std::int64_t t, std::int64_t head) const;
  // Of o, z and the norm's weight.
  JudgedMatrix norm_backward(const JudgedMatrix& dnormed, HeadGradients& into,
                             JudgedMatrix& dnorm_weight) const;
  void recurrence_backward(std::int64_t head, const JudgedMatrix& dout, HeadGradients& d) const;
  // Through silu, the filters and their weights.
  JudgedMatrix conv_backward(const JudgedMatrix& dconv, JudgedMatrix& dweight) const;
  // Of a and b.
  std::pair<JudgedMatrix, JudgedMatrix> gate_backward(const HeadGradients& into,
                                                      GatedDeltaNetBlockGradients& d) const;

  Judged preactivation(std::int64_t t, std::int64_t channel) const;
  std::int64_t key_head(std::int64_t head) const { return head / (p_.value_heads / p_.key_heads); }
  // First channels of a head's q, k and v.
  std::int64_t q_at(std::int64_t head) const { return key_head(head) * p_.key_dim; }
  std::int64_t k_at(std::int64_t head) const {
    return (p_.key_heads + key_head(head)) * p_.key_dim;
  }
  std::int64_t v_at(std::int64_t head) const {
    return 2 * p_.key_heads * p_.key_dim + head * p_.value_dim;
  }
  DeltaRuleVector channels(std::int64_t t, std::int64_t first, std::int64_t count) const {
    return conv_.row(t).segment(first, count).transpose();
  }
  DeltaRuleToken token(std::int64_t t, std::int64_t head) const;  // normalised
  // Of x / |x|.
  void add_normalized(JudgedMatrix& to, std::int64_t t, std::int64_t first,
                      const DeltaRuleVector& value, const DeltaRuleVector& magnitude) const;

  const GatedDeltaNetBlockProblem& p_;
  std::int64_t start_;
  Matrix x_, qkv_, z_, b_, a_;  // projected rows
  Matrix conv_;                 // q | k | v
  Matrix g_, beta_;
  JudgedMatrix o_, normed_;
};

}  // namespace packproof::reference
