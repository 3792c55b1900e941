// One token of the gated delta rule in one value head (Gated Delta Networks, arXiv 2412.06464,
// eq. 10; transformers' Qwen3-Next), S being [key_dim, value_dim]:
//   S <- exp(g) S
//   S <- S + k (beta (v - S^T k))^T
//   o  = S^T q / sqrt(key_dim)
// With the magnitudes of the sums: each token's terms add to what decays. They do not follow errors
// through the update of S by itself, which contracts.
#pragma once

#include <cmath>

#include <Eigen/Core>

#include "reference/core/judged_matrix.h"

namespace packproof::reference {

using DeltaRuleVector = Eigen::VectorXd;

constexpr double kKeyNormEpsilon = 1e-6;

inline double inverse_norm(const DeltaRuleVector& x) {
  return 1 / std::sqrt(x.squaredNorm() + kKeyNormEpsilon);
}

struct DeltaRuleToken {
  DeltaRuleVector q, k, v;
  double decay, beta;  // decay = exp(g)

  void normalize() {
    q *= inverse_norm(q);
    k *= inverse_norm(k);
  }
};

// What the update of the state went through.
struct DeltaRuleStep {
  DeltaRuleVector retrieved;   // S^T k of the decayed state
  DeltaRuleVector correction;  // beta (v - retrieved)
  DeltaRuleVector magnitude;   // of the correction
};

inline DeltaRuleStep correct(const JudgedMatrix& decayed, const DeltaRuleToken& x) {
  DeltaRuleStep step;
  step.retrieved = decayed.value.transpose() * x.k;
  step.correction = x.beta * (x.v - step.retrieved);
  step.magnitude =
      std::abs(x.beta) * (x.v.cwiseAbs() + decayed.value.cwiseAbs().transpose() * x.k.cwiseAbs());
  return step;
}

inline void update(JudgedMatrix& state, const DeltaRuleToken& x) {
  state.value *= x.decay;
  state.magnitude *= x.decay;
  const DeltaRuleStep step = correct(state, x);
  state.value += x.k * step.correction.transpose();
  state.magnitude += x.k.cwiseAbs() * step.magnitude.transpose();
}

struct DeltaRuleOutput {
  DeltaRuleVector value, magnitude;
};

inline DeltaRuleOutput read(const JudgedMatrix& state, const DeltaRuleToken& x) {
  const double scale = 1 / std::sqrt(static_cast<double>(x.q.size()));
  return {scale * state.value.transpose() * x.q,
          scale * state.magnitude.transpose() * x.q.cwiseAbs()};
}

}  // namespace packproof::reference
