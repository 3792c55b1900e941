#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_judged.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reference/delta_rule/delta_rule_step.h"

namespace packproof::reference {
namespace {

using Vector = DeltaRuleVector;

constexpr std::int64_t kWindow = 64;

struct Inputs {
  const Matrix &q, &k, &v, &g, &beta;
  std::int64_t key_heads, value_heads, key_dim, value_dim;

  explicit Inputs(const JudgedCall& call)
      : q(call.value("q")),
        k(call.value("k")),
        v(call.value("v")),
        g(call.value("g")),
        beta(call.value("beta")),
        key_heads(call.tensor("k").dims[1].size),
        value_heads(call.tensor("v").dims[1].size),
        key_dim(call.tensor("k").dims[2].size),
        value_dim(call.tensor("v").dims[2].size) {}
};

// One value head.
struct Head {
  const Inputs& in;
  std::int64_t head, key_column, value_column;

  Head(const Inputs& inputs, std::int64_t number)
      : in(inputs),
        head(number),
        key_column(number / (inputs.value_heads / inputs.key_heads) * inputs.key_dim),
        value_column(number * inputs.value_dim) {}

  Vector key_row(const Matrix& m, std::int64_t t) const {
    return m.row(t).segment(key_column, in.key_dim).transpose();
  }
  Vector value_row(const Matrix& m, std::int64_t t) const {
    return m.row(t).segment(value_column, in.value_dim).transpose();
  }
  DeltaRuleToken token(std::int64_t t) const {
    DeltaRuleToken x{key_row(in.q, t), key_row(in.k, t), value_row(in.v, t),
                     std::exp(in.g(t, head)), in.beta(t, head)};
    x.normalize();
    return x;
  }
  JudgedMatrix no_state() const { return zeros(in.key_dim, in.value_dim); }

  void forward(std::int64_t first, std::int64_t last, JudgedMatrix& out) const {
    JudgedMatrix state = no_state();
    for (std::int64_t t = first; t < last; ++t) {
      const DeltaRuleToken x = token(t);
      update(state, x);
      const DeltaRuleOutput o = read(state, x);
      out.value.row(t).segment(value_column, in.value_dim) = o.value.transpose();
      out.magnitude.row(t).segment(value_column, in.value_dim) = o.magnitude.transpose();
    }
  }
};

struct Gradients {
  const JudgedMatrix& dout;
  JudgedMatrix &dq, &dk, &dv, &dg, &dbeta;
};

// The way back through one value head.
class HeadBackward {
 public:
  HeadBackward(const Head& head, const Gradients& d)
      : x_(head), d_(d), scale_(1 / std::sqrt(static_cast<double>(head.in.key_dim))) {}

  // Of one segment's tokens.
  void run(std::int64_t first, std::int64_t last) const {
    std::vector<JudgedMatrix> before = {x_.no_state()};
    before.reserve(static_cast<std::size_t>(last - first) + 1);
    for (std::int64_t t = first; t + 1 < last; ++t) {
      before.push_back(before.back());
      update(before.back(), x_.token(t));
    }
    JudgedMatrix dstate = x_.no_state();
    for (std::int64_t t = last; t-- > first; before.pop_back())
      token_backward(t, before.back(), dstate);
    // Where running sums of g stand in for g, dg is a running sum from behind over a chunk: what
    // later tokens leave comes and goes again, and only its rounding stays.
    for (std::int64_t t = first; t < last; ++t)
      d_.dg.magnitude(t, x_.head) =
          d_.dg.magnitude.col(x_.head).segment(t, std::min(kWindow, last - t)).sum();
  }

 private:
  // `dstate` is the gradient of the state after token t, and then of the state before it.
  void token_backward(std::int64_t t, const JudgedMatrix& before, JudgedMatrix& dstate) const {
    const DeltaRuleToken x = x_.token(t);
    const JudgedMatrix decayed{before.value * x.decay, before.magnitude * x.decay};
    const DeltaRuleStep step = correct(decayed, x);
    const Matrix after = decayed.value + x.k * step.correction.transpose();
    const Matrix after_m = decayed.magnitude + x.k.cwiseAbs() * step.magnitude.transpose();
    const Vector up = x_.value_row(d_.dout.value, t), up_m = x_.value_row(d_.dout.magnitude, t);

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
    d_.dbeta.value(t, x_.head) = dcorrection.dot(x.v - step.retrieved);
    d_.dbeta.magnitude(t, x_.head) =
        dcorrection_m.dot((x.v - step.retrieved).cwiseAbs()) +
        dcorrection.cwiseAbs().dot(x.v.cwiseAbs() +
                                   decayed.value.cwiseAbs().transpose() * x.k.cwiseAbs());
    dstate.value -= x.k * dv.transpose();
    dstate.magnitude += x.k.cwiseAbs() * dv.cwiseAbs().transpose();

    // decayed = exp(g) before
    d_.dg.value(t, x_.head) = dstate.value.cwiseProduct(decayed.value).sum();
    d_.dg.magnitude(t, x_.head) = dstate.magnitude.cwiseProduct(after.cwiseAbs()).sum() +
                                  dstate.value.cwiseAbs().cwiseProduct(after_m).sum();
    dstate.value *= x.decay;
    dstate.magnitude *= x.decay;

    d_.dv.value.row(t).segment(x_.value_column, x_.in.value_dim) += dv.transpose();
    d_.dv.magnitude.row(t).segment(x_.value_column, x_.in.value_dim) += dv_m.transpose();
    add_normalized(d_.dq, x_.key_row(x_.in.q, t), t, {dq, dq_m});
    add_normalized(d_.dk, x_.key_row(x_.in.k, t), t, {dk, dk_m});
  }

  // Of x / |x|. Value heads of one key head add up.
  void add_normalized(JudgedMatrix& to, const Vector& x, std::int64_t t,
                      const DeltaRuleOutput& d) const {
    const double r = inverse_norm(x);
    const Vector y = r * x;
    const double along = y.dot(d.value), along_m = y.cwiseAbs().dot(d.magnitude);
    to.value.row(t).segment(x_.key_column, x_.in.key_dim) +=
        (r * (d.value - along * y)).transpose();
    to.magnitude.row(t).segment(x_.key_column, x_.in.key_dim) +=
        (r * (d.magnitude + along_m * y.cwiseAbs())).transpose();
  }

  const Head& x_;
  const Gradients& d_;
  const double scale_;
};

}  // namespace

void chunk_gated_delta_rule_judged(const JudgedCall& call) {
  const Inputs in(call);
  const auto for_each_segment = [&](const auto& visit) {
    for (std::int64_t s = 0; s + 1 < call.cu_seqlens.size(); ++s)
      visit(call.cu_seqlens(s), call.cu_seqlens(s + 1));
  };
  for (std::int64_t number = 0; number < in.value_heads; ++number) {
    const Head head(in, number);
    if (call.is_forward()) {
      JudgedMatrix& o = call.output("o");
      for_each_segment(
          [&](std::int64_t first, std::int64_t last) { head.forward(first, last, o); });
      continue;
    }
    const Gradients d{call.input("do"),  call.output("dq"), call.output("dk"),
                      call.output("dv"), call.output("dg"), call.output("dbeta")};
    const HeadBackward back(head, d);
    for_each_segment([&](std::int64_t first, std::int64_t last) { back.run(first, last); });
  }
}

}  // namespace packproof::reference
