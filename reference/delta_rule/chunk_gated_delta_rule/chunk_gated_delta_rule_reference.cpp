// chunk_gated_delta_rule. Definition (Gated Delta Networks, arXiv 2412.06464, eq. 10; transformers'
// Qwen3-Next), for each segment and value head h with key head h / (value_heads / key_heads), token
// by token:
//   S <- exp(g) S
//   S <- S + k (beta (v - S^T k))^T
//   o  = S^T q / sqrt(key_dim)
// S is [key_dim, value_dim], at first the initial state or zero, at last the final state. With
// l2norm inside, q and k are first divided by sqrt(sum of squares + 1e-6).
//
// The gradients follow the recurrence backwards, token by token, from the stored states: never the
// chunked form.
//
// Magnitudes m are sums of the magnitudes of terms. Those of S and dS add each token's terms to
// what decays; they do not follow errors through the update of S by itself, which contracts.
// Those of dg are summed over the next 64 tokens: see widen_gate_magnitudes.
#include <algorithm>
#include <cmath>
#include <vector>

#include "reference/core/results.h"
#include "reference/delta_rule/delta_rule_problem.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

using Vector = DeltaRuleVector;

constexpr std::int64_t kStride = 64;  // tokens between two kept states
constexpr std::int64_t kWindow = 64;

struct Outputs {
  JudgedMatrix o;            // [total_tokens, value_heads * value_dim]; zero in slack
  JudgedMatrix final_state;  // [segments, value_heads * key_dim * value_dim]
};

struct Gradients {
  JudgedMatrix q, k, v, g, beta;  // shaped as the inputs; zero in slack
  JudgedMatrix initial_state;     // as the final state
};

// With the states at both ends, as the final state is laid out; empty: zeros.
struct Problem : DeltaRuleProblem {
  Matrix initial_state, dfinal_state;
  Matrix dout;  // [total_tokens, value_heads * value_dim]

  explicit Problem(const Call& call)
      : DeltaRuleProblem(delta_rule_problem_of(call)),
        initial_state(optional_matrix(call, "initial_state")),
        dfinal_state(optional_matrix(call, "dfinal_state")),
        dout(optional_matrix(call, "do")) {}

  std::int64_t segments() const { return cu_seqlens.size() - 1; }
  JudgedMatrix states() const { return zeros(segments(), value_heads * key_dim * value_dim); }
};

// One segment of one value head.
class Recurrence {
 public:
  Recurrence(const Problem& p, std::int64_t segment, std::int64_t head)
      : p_(p),
        segment_(segment),
        head_(head),
        start_(p.cu_seqlens(segment)),
        length_(p.cu_seqlens(segment + 1) - start_),
        scale_(1 / std::sqrt(static_cast<double>(p.key_dim))) {}

  void forward(Outputs& out) const {
    JudgedMatrix state = initial();
    p_.run(start_, start_ + length_, head_, state, out.o);
    store(out.final_state.value, state.value);
    store(out.final_state.magnitude, state.magnitude);
  }

  void backward(Gradients& d) const {
    // All states of a long segment would not fit: some are kept, those between made again.
    std::vector<JudgedMatrix> kept;  // the state before tokens 0, kStride, 2 kStride, ...
    JudgedMatrix state = initial();
    for (std::int64_t t = 0; t < length_; ++t) {
      if (t % kStride == 0) kept.push_back(state);
      update(state, token(t));
    }
    JudgedMatrix dstate{Matrix::Zero(p_.key_dim, p_.value_dim), {}};
    if (p_.dfinal_state.size() > 0) dstate.value = load(p_.dfinal_state);
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
        token_backward(t, before.back(), dstate, d);
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
    p_.set_value_row(m, start_ + t, head_, row);
  }
  Matrix load(const Matrix& states) const { return p_.state(states, segment_, head_); }
  void store(Matrix& states, const Matrix& state) const {
    p_.state(states, segment_, head_) = state;
  }

  JudgedMatrix initial() const {
    if (p_.initial_state.size() == 0)
      return {Matrix::Zero(p_.key_dim, p_.value_dim), Matrix::Zero(p_.key_dim, p_.value_dim)};
    const Matrix given = load(p_.initial_state);
    return {given, given.cwiseAbs()};
  }

  DeltaRuleToken token(std::int64_t t) const { return p_.token(start_ + t, head_); }

  // `dstate` is the gradient of the state after token t, and then of the state before it.
  void token_backward(std::int64_t t, const JudgedMatrix& before, JudgedMatrix& dstate,
                      Gradients& d) const {
    const DeltaRuleToken x = token(t);
    const Vector dout = p_.value_row(p_.dout, start_ + t, head_);
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
    if (p_.has_norm) {
      const Vector x = p_.key_row(input, start_ + t, head_);
      const double r = inverse_norm(x);
      const Vector y = r * x;
      const double along = y.dot(gradient), along_magnitude = y.cwiseAbs().dot(magnitude);
      gradient = r * (gradient - along * y);
      magnitude = r * (magnitude + along_magnitude * y.cwiseAbs());
    }
    const std::int64_t column = p_.key_column(head_);
    into.value.row(start_ + t).segment(column, p_.key_dim) += gradient.transpose();
    into.magnitude.row(start_ + t).segment(column, p_.key_dim) += magnitude.transpose();
  }

  const Problem& p_;
  std::int64_t segment_, head_, start_, length_;
  double scale_;
};

template <class Visit>
void for_each_recurrence(const Problem& p, Visit visit) {
  for (std::int64_t segment = 0; segment < p.segments(); ++segment)
    for (std::int64_t head = 0; head < p.value_heads; ++head) visit(Recurrence(p, segment, head));
}

ReferenceResult forward(const Call& call, const Problem& p) {
  Outputs out{zeros(p.v.rows(), p.v.cols()), p.states()};
  for_each_recurrence(p, [&](const Recurrence& r) { r.forward(out); });
  return judged_outputs(call, {{"o", out.o}, {"final_state", out.final_state}});
}

ReferenceResult backward(const Call& call, const Problem& p) {
  const auto like = [](const Matrix& m) { return zeros(m.rows(), m.cols()); };
  Gradients d{like(p.q), like(p.k), like(p.v), like(p.g), like(p.beta), p.states()};
  for_each_recurrence(p, [&](const Recurrence& r) { r.backward(d); });
  return judged_outputs(call, {{"dq", d.q},
                               {"dk", d.k},
                               {"dv", d.v},
                               {"dg", d.g},
                               {"dbeta", d.beta},
                               {"dinitial_state", d.initial_state}});
}

}  // namespace

ReferenceResult chunk_gated_delta_rule_reference(const Call& call) {
  const Problem problem(call);
  return is_forward(call) ? forward(call, problem) : backward(call, problem);
}

}  // namespace packproof::reference
