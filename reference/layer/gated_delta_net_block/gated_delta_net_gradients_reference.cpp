// The way back through one segment.
#include <cmath>
#include <utility>

#include "reference/core/judged_silu.h"
#include "reference/layer/gated_delta_net_block/gated_delta_net_segment.h"

namespace packproof::reference {
namespace {

using Vector = DeltaRuleVector;
using Row = Eigen::RowVectorXd;

double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

}  // namespace

void GatedDeltaNetSegment::backward(const Matrix& dy, GatedDeltaNetBlockGradients& d) const {
  const JudgedMatrix upstream = exact(dy.middleRows(start_, length()));
  d.out_weight += product(transposed(upstream), normed_);
  const JudgedMatrix dnormed = product(upstream, exact(p_.out_weight));

  HeadGradients into{zeros(length(), conv_.cols()), zeros(length(), z_.cols()),
                     zeros(length(), p_.value_heads), zeros(length(), p_.value_heads)};
  const JudgedMatrix dout = norm_backward(dnormed, into, d.norm_weight);
  for (std::int64_t head = 0; head < p_.value_heads; ++head) recurrence_backward(head, dout, into);
  const auto [da, db] = gate_backward(into, d);
  const JudgedMatrix dqkv = conv_backward(into.conv, d.conv_weight);

  JudgedMatrix dx = zeros(length(), x_.cols());
  const auto project_back = [&](const JudgedMatrix& gradient, const Matrix& weight,
                                JudgedMatrix& dweight) {
    dx += product(gradient, exact(weight));
    dweight += product(transposed(gradient), exact(x_));
  };
  project_back(dqkv, p_.qkv_weight, d.qkv_weight);
  project_back(into.z, p_.z_weight, d.z_weight);
  project_back(db, p_.b_weight, d.b_weight);
  project_back(da, p_.a_weight, d.a_weight);
  d.hidden.value.middleRows(start_, length()) = dx.value;
  d.hidden.magnitude.middleRows(start_, length()) = dx.magnitude;
}

JudgedMatrix GatedDeltaNetSegment::norm_backward(const JudgedMatrix& dnormed, HeadGradients& into,
                                                 JudgedMatrix& dnorm_weight) const {
  const std::int64_t dim = p_.value_dim;
  JudgedMatrix dout = zeros(length(), o_.value.cols());
  for (std::int64_t t = 0; t < length(); ++t)
    for (std::int64_t head = 0; head < p_.value_heads; ++head) {
      const Norm norm = norm_of(t, head);
      Row h(dim), h_m(dim);  // the gradient of n
      for (std::int64_t c = 0; c < dim; ++c) {
        const std::int64_t at = head * dim + c;
        const Judged up{dnormed.value(t, at), dnormed.magnitude(t, at)};
        const Judged z{z_(t, at), std::abs(z_(t, at))}, gate = silu(z), slope = silu_slope(z);
        const double weight = p_.norm_weight(c);
        h(c) = up.value * weight * gate.value;
        h_m(c) = std::abs(weight) *
                 (up.magnitude * std::abs(gate.value) + std::abs(up.value) * gate.magnitude);
        const double n_m = up.magnitude * std::abs(norm.n(c)) + std::abs(up.value) * norm.n_m(c);
        into.z.value(t, at) = up.value * weight * norm.n(c) * slope.value;
        into.z.magnitude(t, at) = std::abs(weight) * n_m * slope.magnitude;
        add(dnorm_weight, c, 0, {up.value * norm.n(c), n_m}, gate.value);
      }
      const double count = static_cast<double>(dim);
      const double along = h.dot(norm.n) / count;
      const double along_m = (h_m.dot(norm.n.cwiseAbs()) + h.cwiseAbs().dot(norm.n_m)) / count;
      // By how much the norm's own division amplifies.
      const double amplified = 1 + norm.n.cwiseAbs().dot(norm.n_m) / count;
      dout.value.row(t).segment(head * dim, dim) = norm.r * (h - norm.n * along);
      dout.magnitude.row(t).segment(head * dim, dim) =
          norm.r * (amplified * h_m + norm.n.cwiseAbs() * along_m + norm.n_m * std::abs(along));
    }
  return dout;
}

void GatedDeltaNetSegment::recurrence_backward(std::int64_t head, const JudgedMatrix& dout,
                                               HeadGradients& d) const {
  const double scale = 1 / std::sqrt(static_cast<double>(p_.key_dim));
  std::vector<JudgedMatrix> before = {zeros(p_.key_dim, p_.value_dim)};
  before.reserve(static_cast<std::size_t>(length()) + 1);
  for (std::int64_t t = 0; t + 1 < length(); ++t) {
    before.push_back(before.back());
    update(before.back(), token(t, head));
  }
  JudgedMatrix dstate = zeros(p_.key_dim, p_.value_dim);
  for (std::int64_t t = length(); t-- > 0; before.pop_back()) {
    const DeltaRuleToken x = token(t, head);
    const JudgedMatrix decayed{before.back().value * x.decay, before.back().magnitude * x.decay};
    const DeltaRuleStep step = correct(decayed, x);
    const Matrix after = decayed.value + x.k * step.correction.transpose();
    const Matrix after_m = decayed.magnitude + x.k.cwiseAbs() * step.magnitude.transpose();
    const auto columns = Eigen::seqN(head * p_.value_dim, p_.value_dim);
    const Vector up = dout.value.row(t)(columns).transpose();
    const Vector up_m = dout.magnitude.row(t)(columns).transpose();

    // o = scale S^T q
    const Vector dq = scale * after * up;
    const Vector dq_m = scale * (after_m * up.cwiseAbs() + after.cwiseAbs() * up_m);
    dstate.value += scale * x.q * up.transpose();
    dstate.magnitude += scale * x.q.cwiseAbs() * up_m.transpose();

    // S = decayed + k correction^T, and correction = beta (v - decayed^T k)
    const Vector dcorrection = dstate.value.transpose() * x.k;
    const Vector dcorrection_m = dstate.magnitude.transpose() * x.k.cwiseAbs();
    const Vector dv = x.beta * dcorrection, dv_m = x.beta * dcorrection_m;
    const Vector dk = dstate.value * step.correction - decayed.value * dv;
    const Vector dk_m = dstate.magnitude * step.correction.cwiseAbs() +
                        dstate.value.cwiseAbs() * step.magnitude +
                        decayed.magnitude * dv.cwiseAbs() + decayed.value.cwiseAbs() * dv_m;
    d.beta.value(t, head) = dcorrection.dot(x.v - step.retrieved);
    d.beta.magnitude(t, head) =
        dcorrection_m.dot((x.v - step.retrieved).cwiseAbs()) +
        dcorrection.cwiseAbs().dot(x.v.cwiseAbs() +
                                   decayed.value.cwiseAbs().transpose() * x.k.cwiseAbs());
    dstate.value -= x.k * dv.transpose();
    dstate.magnitude += x.k.cwiseAbs() * dv.cwiseAbs().transpose();

    // decayed = exp(g) before
    d.g.value(t, head) = dstate.value.cwiseProduct(decayed.value).sum();
    d.g.magnitude(t, head) = dstate.magnitude.cwiseProduct(after.cwiseAbs()).sum() +
                             dstate.value.cwiseAbs().cwiseProduct(after_m).sum();
    dstate.value *= x.decay;
    dstate.magnitude *= x.decay;

    d.conv.value.row(t).segment(v_at(head), p_.value_dim) += dv.transpose();
    d.conv.magnitude.row(t).segment(v_at(head), p_.value_dim) += dv_m.transpose();
    add_normalized(d.conv, t, q_at(head), dq, dq_m);
    add_normalized(d.conv, t, k_at(head), dk, dk_m);
  }
  // Where running sums of g stand in for g, dg is a running sum from behind over a chunk of 64:
  // what later tokens leave comes and goes again, and only its rounding stays.
  for (std::int64_t t = 0; t < length(); ++t)
    d.g.magnitude(t, head) =
        d.g.magnitude.col(head).segment(t, std::min<std::int64_t>(64, length() - t)).sum();
}

void GatedDeltaNetSegment::add_normalized(JudgedMatrix& to, std::int64_t t, std::int64_t first,
                                          const Vector& value, const Vector& magnitude) const {
  const Vector x = channels(t, first, value.size());
  const double r = inverse_norm(x);
  const Vector y = r * x;
  const double along = y.dot(value), along_m = y.cwiseAbs().dot(magnitude);
  to.value.row(t).segment(first, y.size()) += (r * (value - along * y)).transpose();
  to.magnitude.row(t).segment(first, y.size()) +=
      (r * (magnitude + along_m * y.cwiseAbs())).transpose();
}

std::pair<JudgedMatrix, JudgedMatrix> GatedDeltaNetSegment::gate_backward(
    const HeadGradients& into, GatedDeltaNetBlockGradients& d) const {
  JudgedMatrix da = zeros(length(), p_.value_heads), db = da;
  for (std::int64_t t = 0; t < length(); ++t)
    for (std::int64_t h = 0; h < p_.value_heads; ++h) {
      const Judged dg{into.g.value(t, h), into.g.magnitude(t, h)};
      const double slope = -std::exp(p_.A_log(h)) * sigmoid(a_(t, h) + p_.dt_bias(h));
      add(da, t, h, dg, slope);
      add(d.dt_bias, h, 0, dg, slope);
      add(d.A_log, h, 0, dg, g_(t, h));
      add(db, t, h, {into.beta.value(t, h), into.beta.magnitude(t, h)},
          beta_(t, h) * sigmoid(-b_(t, h)));
    }
  return {da, db};
}

JudgedMatrix GatedDeltaNetSegment::conv_backward(const JudgedMatrix& dconv,
                                                 JudgedMatrix& dweight) const {
  const std::int64_t width = p_.conv_weight.cols();
  JudgedMatrix dqkv = zeros(length(), qkv_.cols());
  for (std::int64_t t = 0; t < length(); ++t)
    for (std::int64_t c = 0; c < qkv_.cols(); ++c) {
      const Judged slope = silu_slope(preactivation(t, c));
      const Judged du{dconv.value(t, c) * slope.value,
                      dconv.magnitude(t, c) * std::abs(slope.value) +
                          std::abs(dconv.value(t, c)) * slope.magnitude};
      for (std::int64_t j = 0; j < width; ++j) {
        const std::int64_t from = t - (width - 1) + j;
        if (from < 0) continue;
        add(dweight, c, j, du, qkv_(from, c));
        add(dqkv, from, c, du, p_.conv_weight(c, j));
      }
    }
  return dqkv;
}

}  // namespace packproof::reference
