#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_judged.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_reference.h"
#include "reference/delta_rule/delta_rule_step.h"

namespace packproof::reference {
namespace {

using Vector = DeltaRuleVector;

constexpr std::int64_t kWindow = 64;

GatedDeltaRuleProblem problem_of(const JudgedCall& call) {
  const Dims &keys = call.tensor("k").dims, &values = call.tensor("v").dims;
  return {.key_heads = keys[1].size,
          .value_heads = values[1].size,
          .key_dim = keys[2].size,
          .value_dim = values[2].size,
          .q = call.value("q"),
          .k = call.value("k"),
          .v = call.value("v"),
          .g = call.value("g"),
          .beta = call.value("beta"),
          .cu_seqlens = call.cu_seqlens,
          .initial_state = {},
          .normalize = true};
}

struct Gradients {
  const JudgedMatrix& dout;
  JudgedMatrix &dq, &dk, &dv, &dg, &dbeta;
};

// The way back through one segment of one value head.
class JudgedRecurrence {
 public:
  JudgedRecurrence(const GatedDeltaRuleProblem& p, std::int64_t head, const Gradients& d)
      : p_(p),
        d_(d),
        head_(head),
        key_column_(head / (p.value_heads / p.key_heads) * p.key_dim),
        value_column_(head * p.value_dim),
        scale_(1 / std::sqrt(static_cast<double>(p.key_dim))) {}

  void backward(std::int64_t first, std::int64_t last) const {
    std::vector<JudgedMatrix> before = {zeros(p_.key_dim, p_.value_dim)};
    before.reserve(static_cast<std::size_t>(last - first) + 1);
    for (std::int64_t t = first; t + 1 < last; ++t) {
      before.push_back(before.back());
      update(before.back(), token(t));
    }
    JudgedMatrix dstate = zeros(p_.key_dim, p_.value_dim);
    for (std::int64_t t = last; t-- > first; before.pop_back())
      token_backward(t, before.back(), dstate);
    // Where running sums of g stand in for g, dg is a running sum from behind over a chunk: what
    // later tokens leave comes and goes again, and only its rounding stays.
    for (std::int64_t t = first; t < last; ++t)
      d_.dg.magnitude(t, head_) =
          d_.dg.magnitude.col(head_).segment(t, std::min(kWindow, last - t)).sum();
  }

 private:
  Vector key_row(const Matrix& m, std::int64_t t) const {
    return m.row(t).segment(key_column_, p_.key_dim).transpose();
  }
  Vector value_row(const Matrix& m, std::int64_t t) const {
    return m.row(t).segment(value_column_, p_.value_dim).transpose();
  }
  DeltaRuleToken token(std::int64_t t) const {
    DeltaRuleToken x{key_row(p_.q, t), key_row(p_.k, t), value_row(p_.v, t),
                     std::exp(p_.g(t, head_)), p_.beta(t, head_)};
    x.normalize();
    return x;
  }

  // `dstate` is the gradient of the state after token t, and then of the state before it.
  void token_backward(std::int64_t t, const JudgedMatrix& before, JudgedMatrix& dstate) const {
    const DeltaRuleToken x = token(t);
    const JudgedMatrix decayed{before.value * x.decay, before.magnitude * x.decay};
    const DeltaRuleStep step = correct(decayed, x);
    const Matrix after = decayed.value + x.k * step.correction.transpose();
    const Matrix after_m = decayed.magnitude + x.k.cwiseAbs() * step.magnitude.transpose();
    const Vector up = value_row(d_.dout.value, t), up_m = value_row(d_.dout.magnitude, t);

    // o = scale S^T q
    const Vector dq = scale_ * after * up;
    const Vector dq_m = scale_ * (after_m * up.cwiseAbs() + after.cwiseAbs() * up_m);
    dstate.value += scale_ * x.q * up.transpose();
    dstate.magnitude += scale_ * x.q.cwiseAbs() * up_m.transpose();

    // S = decayed + k correction^T, and correction = beta (v - decayed^T k)
    const Vector dcorrection = dstate.value.transpose() * x.k;
    const Vector dcorrection_m = dstate.magnitude.transpose() * x.k.cwiseAbs();
    const Vector dv = x.beta * dcorrection, dv_m = x.beta * dcorrection_m;
    const Vector dk = dstate.value * step.correction - decayed.value * dv;
    const Vector dk_m = dstate.magnitude * step.correction.cwiseAbs() +
                        dstate.value.cwiseAbs() * step.magnitude +
                        decayed.magnitude * dv.cwiseAbs() + decayed.value.cwiseAbs() * dv_m;
    d_.dbeta.value(t, head_) = dcorrection.dot(x.v - step.retrieved);
    d_.dbeta.magnitude(t, head_) =
        dcorrection_m.dot((x.v - step.retrieved).cwiseAbs()) +
        dcorrection.cwiseAbs().dot(x.v.cwiseAbs() +
                                   decayed.value.cwiseAbs().transpose() * x.k.cwiseAbs());
    dstate.value -= x.k * dv.transpose();
    dstate.magnitude += x.k.cwiseAbs() * dv.cwiseAbs().transpose();

    // decayed = exp(g) before
    d_.dg.value(t, head_) = dstate.value.cwiseProduct(decayed.value).sum();
    d_.dg.magnitude(t, head_) = dstate.magnitude.cwiseProduct(after.cwiseAbs()).sum() +
                                dstate.value.cwiseAbs().cwiseProduct(after_m).sum();
    dstate.value *= x.decay;
    dstate.magnitude *= x.decay;

    d_.dv.value.row(t).segment(value_column_, p_.value_dim) += dv.transpose();
    d_.dv.magnitude.row(t).segment(value_column_, p_.value_dim) += dv_m.transpose();
    add_normalized(d_.dq, key_row(p_.q, t), t, {dq, dq_m});
    add_normalized(d_.dk, key_row(p_.k, t), t, {dk, dk_m});
  }

  // Of x / |x|. Value heads of one key head add up.
  void add_normalized(JudgedMatrix& to, const Vector& x, std::int64_t t,
                      const DeltaRuleOutput& d) const {
    const double r = inverse_norm(x);
    const Vector y = r * x;
    const double along = y.dot(d.value), along_m = y.cwiseAbs().dot(d.magnitude);
    to.value.row(t).segment(key_column_, p_.key_dim) += (r * (d.value - along * y)).transpose();
    to.magnitude.row(t).segment(key_column_, p_.key_dim) +=
        (r * (d.magnitude + along_m * y.cwiseAbs())).transpose();
  }

  const GatedDeltaRuleProblem& p_;
  const Gradients& d_;
  const std::int64_t head_, key_column_, value_column_;
  const double scale_;
};

}  // namespace

void chunk_gated_delta_rule_judged(const JudgedCall& call) {
  const GatedDeltaRuleProblem p = problem_of(call);
  if (call.is_forward()) {
    call.output("o") = gated_delta_rule(p).o;
    return;
  }
  const Gradients d{call.input("do"),  call.output("dq"), call.output("dk"),
                    call.output("dv"), call.output("dg"), call.output("dbeta")};
  for (std::int64_t s = 0; s + 1 < p.cu_seqlens.size(); ++s)
    for (std::int64_t head = 0; head < p.value_heads; ++head)
      JudgedRecurrence(p, head, d).backward(p.cu_seqlens(s), p.cu_seqlens(s + 1));
}

}  // namespace packproof::reference
