// Forwards; gated_delta_net_gradients_reference.cpp has the way back.
#include "reference/layer/gated_delta_net_block/gated_delta_net_segment.h"

#include <cmath>

#include "reference/core/judged_silu.h"

namespace packproof::reference {
namespace {

constexpr double kNormEpsilon = 1e-6;

}  // namespace

JudgedMatrix product(const JudgedMatrix& left, const JudgedMatrix& right) {
  // Both magnitudes are at least those of the values: half of the sum keeps that of right factors.
  return {left.value * right.value,
          (left.magnitude * right.value.cwiseAbs() + left.value.cwiseAbs() * right.magnitude) / 2};
}

JudgedMatrix transposed(const JudgedMatrix& m) {
  return {m.value.transpose(), m.magnitude.transpose()};
}

JudgedMatrix exact(const Matrix& m) { return {m, m.cwiseAbs()}; }

void operator+=(JudgedMatrix& to, const JudgedMatrix& term) {
  to.value += term.value;
  to.magnitude += term.magnitude;
}

GatedDeltaNetSegment::GatedDeltaNetSegment(const GatedDeltaNetBlockProblem& p, std::int64_t segment)
    : p_(p),
      start_(p.cu_seqlens(segment)),
      x_(p.hidden.middleRows(start_, p.cu_seqlens(segment + 1) - start_)),
      qkv_(x_ * p.qkv_weight.transpose()),
      z_(x_ * p.z_weight.transpose()),
      b_(x_ * p.b_weight.transpose()),
      a_(x_ * p.a_weight.transpose()),
      o_(zeros(x_.rows(), p.value_heads * p.value_dim)),
      normed_(o_) {
  convolve();
  gate();
  for (std::int64_t head = 0; head < p_.value_heads; ++head) recur(head);
  normalize();
}

Judged GatedDeltaNetSegment::preactivation(std::int64_t t, std::int64_t channel) const {
  const std::int64_t width = p_.conv_weight.cols();
  Judged u{0, 0};
  for (std::int64_t j = 0; j < width; ++j) {
    const std::int64_t from = t - (width - 1) + j;
    if (from < 0) continue;
    const double term = p_.conv_weight(channel, j) * qkv_(from, channel);
    u.value += term;
    u.magnitude += std::abs(term);
  }
  return u;
}

void GatedDeltaNetSegment::convolve() {
  conv_.resize(qkv_.rows(), qkv_.cols());
  for (std::int64_t t = 0; t < length(); ++t)
    for (std::int64_t c = 0; c < qkv_.cols(); ++c) conv_(t, c) = silu(preactivation(t, c)).value;
}

void GatedDeltaNetSegment::gate() {
  g_.resize(length(), p_.value_heads);
  beta_.resize(length(), p_.value_heads);
  for (std::int64_t t = 0; t < length(); ++t)
    for (std::int64_t h = 0; h < p_.value_heads; ++h) {
      const double v = a_(t, h) + p_.dt_bias(h);
      const double softplus = std::max(v, 0.0) + std::log1p(std::exp(-std::abs(v)));
      g_(t, h) = -std::exp(p_.A_log(h)) * softplus;
      beta_(t, h) = 1 / (1 + std::exp(-b_(t, h)));
    }
}

DeltaRuleToken GatedDeltaNetSegment::token(std::int64_t t, std::int64_t head) const {
  DeltaRuleToken x{channels(t, q_at(head), p_.key_dim), channels(t, k_at(head), p_.key_dim),
                   channels(t, v_at(head), p_.value_dim), std::exp(g_(t, head)), beta_(t, head)};
  x.normalize();
  return x;
}

void GatedDeltaNetSegment::recur(std::int64_t head) {
  JudgedMatrix state = zeros(p_.key_dim, p_.value_dim);
  for (std::int64_t t = 0; t < length(); ++t) {
    const DeltaRuleToken x = token(t, head);
    update(state, x);
    const DeltaRuleOutput o = read(state, x);
    o_.value.row(t).segment(head * p_.value_dim, p_.value_dim) = o.value.transpose();
    o_.magnitude.row(t).segment(head * p_.value_dim, p_.value_dim) = o.magnitude.transpose();
  }
}

GatedDeltaNetSegment::Norm GatedDeltaNetSegment::norm_of(std::int64_t t, std::int64_t head) const {
  const std::int64_t dim = p_.value_dim;
  const auto o = o_.value.row(t).segment(head * dim, dim);
  const double r = 1 / std::sqrt(o.squaredNorm() / static_cast<double>(dim) + kNormEpsilon);
  return {r, r * o, r * o_.magnitude.row(t).segment(head * dim, dim)};
}

void GatedDeltaNetSegment::normalize() {
  const std::int64_t dim = p_.value_dim;
  for (std::int64_t t = 0; t < length(); ++t)
    for (std::int64_t head = 0; head < p_.value_heads; ++head) {
      const Norm norm = norm_of(t, head);
      const double along = norm.n.cwiseAbs().dot(norm.n_m) / static_cast<double>(dim);
      for (std::int64_t c = 0; c < dim; ++c) {
        const std::int64_t at = head * dim + c;
        const Judged gate = silu({z_(t, at), std::abs(z_(t, at))});
        const double factor = p_.norm_weight(c) * gate.value;
        normed_.value(t, at) = norm.n(c) * factor;
        normed_.magnitude(t, at) = (norm.n_m(c) + std::abs(norm.n(c)) * along) * std::abs(factor) +
                                   std::abs(norm.n(c) * p_.norm_weight(c)) * gate.magnitude;
      }
    }
}

}  // namespace packproof::reference
