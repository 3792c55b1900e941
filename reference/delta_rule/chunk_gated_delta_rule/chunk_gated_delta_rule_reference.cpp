#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_reference.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reference/delta_rule/delta_rule_step.h"

namespace packproof::reference {
namespace {

using Vector = DeltaRuleVector;

constexpr std::int64_t kStride = 64;  // tokens between two kept states
constexpr std::int64_t kWindow = 64;

// One segment of one value head.
class Recurrence {
 public:
  Recurrence(const GatedDeltaRuleProblem& p, std::int64_t segment, std::int64_t head)
      : p_(p),
        segment_(segment),
        head_(head),
        key_head_(head / (p.value_heads / p.key_heads)),
        start_(p.cu_seqlens(segment)),
        length_(p.cu_seqlens(segment + 1) - start_),
        scale_(1 / std::sqrt(static_cast<double>(p.key_dim))) {}

  void forward(GatedDeltaRuleOutputs& out) const {
    JudgedMatrix state = initial();
    for (std::int64_t t = 0; t < length_; ++t) {
      const DeltaRuleToken x = token(t);
      update(state, x);
      const DeltaRuleOutput o = read(state, x);
      set_value_row(out.o.value, t, o.value);
      set_value_row(out.o.magnitude, t, o.magnitude);
    }
    store(out.final_state.value, state.value);
    store(out.final_state.magnitude, state.magnitude);
  }

  void backward(const Matrix& dout, const Matrix& dfinal_state, GatedDeltaRuleGradients& d) const {
    // All states of a long segment would not fit: some are kept, those between made again.
    std::vector<JudgedMatrix> kept;  // the state before tokens 0, kStride, 2 kStride, ...
    JudgedMatrix state = initial();
    for (std::int64_t t = 0; t < length_; ++t) {
      if (t % kStride == 0) kept.push_back(state);
      update(state, token(t));
    }
    JudgedMatrix dstate{Matrix::Zero(p_.key_dim, p_.value_dim), {}};
    if (dfinal_state.size() > 0) dstate.value = load(dfinal_state);
    dstate.magnitude = dstate.value.cwiseAbs();
    for (; !kept.empty(); kept.pop_back()) {
      const auto first = static_cast<std::int64_t>(kept.size() - 1) * kStride;
      const std::int64_t last = std::min(first + kStride, length_);
      std::vector<JudgedMatrix> before = {kept.back()};
      for (std::int64_t t = first; t + 1 < last; ++t) {
        before.push_back(before.back());
        update(before.back(), token(t));
      }
      for (std::int64_t t = last; t-- > first; before.pop_back())
        token_backward(t, before.back(), value_row(dout, t), dstate, d);
    }
    store(d.initial_state.value, dstate.value);
    store(d.initial_state.magnitude, dstate.magnitude);
    widen_gate_magnitudes(d.g.magnitude);
  }

 private:
  // Where running sums of g stand in for g, dg is a running sum from behind: what later tokens
  // leave in the state comes and goes again, and only its rounding stays. Over kWindow tokens.
  void widen_gate_magnitudes(Matrix& magnitude) const {
    for (std::int64_t t = 0; t < length_; ++t)
      magnitude(start_ + t, head_) =
          magnitude.col(head_).segment(start_ + t, std::min(kWindow, length_ - t)).sum();
  }

  void set_value_row(Matrix& m, std::int64_t t, const Vector& row) const {
    m.row(start_ + t).segment(head_ * p_.value_dim, p_.value_dim) = row.transpose();
  }
  Vector value_row(const Matrix& m, std::int64_t t) const {
    return m.row(start_ + t).segment(head_ * p_.value_dim, p_.value_dim).transpose();
  }
  Vector key_row(const Matrix& m, std::int64_t t) const {
    return m.row(start_ + t).segment(key_head_ * p_.key_dim, p_.key_dim).transpose();
  }
  Matrix load(const Matrix& states) const {
    const std::int64_t size = p_.key_dim * p_.value_dim;
    return Eigen::Map<const Matrix>(states.row(segment_).data() + head_ * size, p_.key_dim,
                                    p_.value_dim);
  }
  void store(Matrix& states, const Matrix& state) const {
    const std::int64_t size = p_.key_dim * p_.value_dim;
    Eigen::Map<Matrix>(states.row(segment_).data() + head_ * size, p_.key_dim, p_.value_dim) =
        state;
  }

  JudgedMatrix initial() const {
    if (p_.initial_state.size() == 0)
      return {Matrix::Zero(p_.key_dim, p_.value_dim), Matrix::Zero(p_.key_dim, p_.value_dim)};
    const Matrix given = load(p_.initial_state);
    return {given, given.cwiseAbs()};
  }

  DeltaRuleToken token(std::int64_t t) const {
    DeltaRuleToken x{key_row(p_.q, t), key_row(p_.k, t), value_row(p_.v, t),
                     std::exp(p_.g(start_ + t, head_)), p_.beta(start_ + t, head_)};
    if (p_.normalize) x.normalize();
    return x;
  }

  // `dstate` is the gradient of the state after token t, and then of the state before it.
  void token_backward(std::int64_t t, const JudgedMatrix& before, const Vector& dout,
                      JudgedMatrix& dstate, GatedDeltaRuleGradients& d) const {
    const DeltaRuleToken x = token(t);
    const JudgedMatrix decayed{before.value * x.decay, before.magnitude * x.decay};
    const DeltaRuleStep step = correct(decayed, x);
    const Matrix after = decayed.value + x.k * step.correction.transpose();
    const Matrix after_magnitude = decayed.magnitude + x.k.cwiseAbs() * step.magnitude.transpose();

    // o = scale S^T q
    const Vector dq = scale_ * after * dout;
    const Vector dq_magnitude = scale_ * after_magnitude * dout.cwiseAbs();
    dstate.value += scale_ * x.q * dout.transpose();
    dstate.magnitude += scale_ * x.q.cwiseAbs() * dout.cwiseAbs().transpose();

    // S = decayed + k correction^T
    const Vector dcorrection = dstate.value.transpose() * x.k;
    const Vector dcorrection_magnitude = dstate.magnitude.transpose() * x.k.cwiseAbs();
    Vector dk = dstate.value * step.correction;
    Vector dk_magnitude = dstate.magnitude * step.magnitude;

    // correction = beta (v - decayed^T k)
    const Vector dv = x.beta * dcorrection;
    const Vector dv_magnitude = std::abs(x.beta) * dcorrection_magnitude;
    d.beta.value(start_ + t, head_) = dcorrection.dot(x.v - step.retrieved);
    d.beta.magnitude(start_ + t, head_) = dcorrection_magnitude.dot(
        x.v.cwiseAbs() + decayed.value.cwiseAbs().transpose() * x.k.cwiseAbs());
    dk -= decayed.value * dv;
    dk_magnitude += decayed.magnitude * dv_magnitude;
    dstate.magnitude += x.k.cwiseAbs() * dv.cwiseAbs().transpose();
    dstate.value -= x.k * dv.transpose();

    // decayed = exp(g) before
    d.g.value(start_ + t, head_) = dstate.value.cwiseProduct(decayed.value).sum();
    d.g.magnitude(start_ + t, head_) = dstate.magnitude.cwiseProduct(after_magnitude).sum();
    dstate.value *= x.decay;
    dstate.magnitude *= x.decay;

    set_value_row(d.v.value, t, dv);
    set_value_row(d.v.magnitude, t, dv_magnitude);
    add_key_gradient(d.q, p_.q, t, dq, dq_magnitude);
    add_key_gradient(d.k, p_.k, t, dk, dk_magnitude);
  }

  // Value heads of one key head add up. With normalize, through y = x / |x|.
  void add_key_gradient(JudgedMatrix& into, const Matrix& input, std::int64_t t, Vector gradient,
                        Vector magnitude) const {
    if (p_.normalize) {
      const Vector x = key_row(input, t);
      const double r = inverse_norm(x);
      const Vector y = r * x;
      const double along = y.dot(gradient), along_magnitude = y.cwiseAbs().dot(magnitude);
      gradient = r * (gradient - along * y);
      magnitude = r * (magnitude + along_magnitude * y.cwiseAbs());
    }
    const std::int64_t column = key_head_ * p_.key_dim;
    into.value.row(start_ + t).segment(column, p_.key_dim) += gradient.transpose();
    into.magnitude.row(start_ + t).segment(column, p_.key_dim) += magnitude.transpose();
  }

  const GatedDeltaRuleProblem& p_;
  std::int64_t segment_, head_, key_head_, start_, length_;
  double scale_;
};

template <class Visit>
void for_each_recurrence(const GatedDeltaRuleProblem& p, Visit visit) {
  for (std::int64_t segment = 0; segment + 1 < p.cu_seqlens.size(); ++segment)
    for (std::int64_t head = 0; head < p.value_heads; ++head) visit(Recurrence(p, segment, head));
}

}  // namespace

GatedDeltaRuleOutputs gated_delta_rule(const GatedDeltaRuleProblem& p) {
  const std::int64_t segments = p.cu_seqlens.size() - 1;
  GatedDeltaRuleOutputs out{zeros(p.v.rows(), p.v.cols()),
                            zeros(segments, p.value_heads * p.key_dim * p.value_dim)};
  for_each_recurrence(p, [&](const Recurrence& r) { r.forward(out); });
  return out;
}

GatedDeltaRuleGradients gated_delta_rule_backward(const GatedDeltaRuleProblem& p,
                                                  const Matrix& dout, const Matrix& dfinal_state) {
  const std::int64_t segments = p.cu_seqlens.size() - 1;
  GatedDeltaRuleGradients d{zeros(p.q.rows(), p.q.cols()),
                            zeros(p.k.rows(), p.k.cols()),
                            zeros(p.v.rows(), p.v.cols()),
                            zeros(p.g.rows(), p.g.cols()),
                            zeros(p.beta.rows(), p.beta.cols()),
                            zeros(segments, p.value_heads * p.key_dim * p.value_dim)};
  for_each_recurrence(p, [&](const Recurrence& r) { r.backward(dout, dfinal_state, d); });
  return d;
}

}  // namespace packproof::reference
