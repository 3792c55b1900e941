#include "reference/conv/causal_conv1d_update/causal_conv1d_update_reference.h"

#include <cmath>

#include "reference/core/judged_silu.h"

namespace packproof::reference {
namespace {

struct Segment {
  std::int64_t slot;
  std::int64_t start;
  std::int64_t length;
};

// visit(segment) for each that has a slot.
template <class Visit>
void for_each_segment(const CausalConv1dUpdateProblem& p, Visit visit) {
  for (std::int64_t s = 0; s < p.slots.size(); ++s)
    if (p.slots(s) >= 0)
      visit(Segment{p.slots(s), p.cu_seqlens(s), p.cu_seqlens(s + 1) - p.cu_seqlens(s)});
}

std::int64_t state_len(const CausalConv1dUpdateProblem& p) {
  return p.state.cols() / p.weight.rows();
}

// E of one channel.
Eigen::RowVectorXd extended(const CausalConv1dUpdateProblem& p, const Segment& segment,
                            std::int64_t channel) {
  const std::int64_t before = state_len(p);
  Eigen::RowVectorXd e(before + segment.length);
  e.head(before) = p.state.row(segment.slot).segment(channel * before, before);
  for (std::int64_t t = 0; t < segment.length; ++t) e(before + t) = p.x(segment.start + t, channel);
  return e;
}

}  // namespace

JudgedMatrix causal_conv1d_update(const CausalConv1dUpdateProblem& p) {
  const std::int64_t width = p.weight.cols();
  JudgedMatrix y = zeros(p.x.rows(), p.weight.rows());
  for_each_segment(p, [&](const Segment& segment) {
    for (std::int64_t c = 0; c < p.weight.rows(); ++c) {
      const Eigen::RowVectorXd e = extended(p, segment, c);
      for (std::int64_t t = 0; t < segment.length; ++t) {
        Judged u = {0, 0};
        if (p.bias.size() > 0) u = {p.bias(c), std::abs(p.bias(c))};
        for (std::int64_t j = 0; j < width; ++j) {
          const double term = p.weight(c, j) * e(state_len(p) + t - (width - 1) + j);
          u.value += term;
          u.magnitude += std::abs(term);
        }
        const Judged result = p.silu ? silu(u) : u;
        y.value(segment.start + t, c) = result.value;
        y.magnitude(segment.start + t, c) = result.magnitude;
      }
    }
  });
  return y;
}

Matrix causal_conv1d_update_state(const CausalConv1dUpdateProblem& p) {
  Matrix state = p.state;
  for_each_segment(p, [&](const Segment& segment) {
    for (std::int64_t c = 0; c < p.weight.rows(); ++c)
      state.row(segment.slot).segment(c * state_len(p), state_len(p)) =
          extended(p, segment, c).tail(state_len(p));
  });
  return state;
}

}  // namespace packproof::reference
