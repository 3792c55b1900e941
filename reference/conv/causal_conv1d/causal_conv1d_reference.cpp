#include "reference/conv/causal_conv1d/causal_conv1d_reference.h"

#include <cmath>

#include "reference/core/judged_silu.h"

namespace packproof::reference {
namespace {

// One segment, its history in front.
struct Segment {
  std::int64_t start;
  std::int64_t length;
  Matrix rows;  // [width - 1 + length, channels]
};

// Row s of a state as [width - 1, channels].
Matrix state_rows(const Matrix& state, std::int64_t s, std::int64_t channels) {
  return Eigen::Map<const Matrix>(state.row(s).data(), channels, state.cols() / channels)
      .transpose();
}

void set_state_row(Matrix& state, std::int64_t s, const Matrix& rows) {
  Eigen::Map<Matrix>(state.row(s).data(), rows.cols(), rows.rows()) = rows.transpose();
}

Segment segment_of(const CausalConv1dProblem& p, std::int64_t s) {
  const std::int64_t history = p.weight.cols() - 1, channels = p.weight.rows();
  Segment segment{p.cu_seqlens(s), p.cu_seqlens(s + 1) - p.cu_seqlens(s), {}};
  segment.rows = Matrix::Zero(history + segment.length, channels);
  if (p.initial_state.size() > 0)
    segment.rows.topRows(history) = state_rows(p.initial_state, s, channels);
  if (segment.length > 0)  // x of no rows need not have columns
    segment.rows.bottomRows(segment.length) = p.x.middleRows(segment.start, segment.length);
  return segment;
}

Judged preactivation(const CausalConv1dProblem& p, const Segment& segment, std::int64_t t,
                     std::int64_t c) {
  Judged u{0, 0};
  if (p.bias.size() > 0) u = {p.bias(c), std::abs(p.bias(c))};
  for (std::int64_t j = 0; j < p.weight.cols(); ++j) {
    const double term = p.weight(c, j) * segment.rows(t + j, c);
    u.value += term;
    u.magnitude += std::abs(term);
  }
  return u;
}

}  // namespace

JudgedMatrix causal_conv1d(const CausalConv1dProblem& p) {
  const std::int64_t channels = p.weight.rows();
  JudgedMatrix y = zeros(p.x.rows(), channels);
  for (std::int64_t s = 0; s + 1 < p.cu_seqlens.size(); ++s) {
    const Segment segment = segment_of(p, s);
    for (std::int64_t t = 0; t < segment.length; ++t) {
      for (std::int64_t c = 0; c < channels; ++c) {
        const Judged u = preactivation(p, segment, t, c);
        const Judged result = p.silu ? silu(u) : u;
        y.value(segment.start + t, c) = result.value;
        y.magnitude(segment.start + t, c) = result.magnitude;
      }
    }
  }
  return y;
}

Matrix causal_conv1d_final_state(const CausalConv1dProblem& p) {
  const std::int64_t segments = p.cu_seqlens.size() - 1, history = p.weight.cols() - 1;
  Matrix state(segments, p.weight.rows() * history);
  for (std::int64_t s = 0; s < segments; ++s)
    set_state_row(state, s, segment_of(p, s).rows.bottomRows(history));
  return state;
}

CausalConv1dGradients causal_conv1d_backward(const CausalConv1dProblem& p, const Matrix& dy,
                                             const Matrix& dfinal_state) {
  const std::int64_t segments = p.cu_seqlens.size() - 1;
  const std::int64_t channels = p.weight.rows(), width = p.weight.cols(), history = width - 1;
  CausalConv1dGradients d{zeros(p.x.rows(), channels), zeros(channels, width), zeros(channels, 1),
                          zeros(segments, channels * history)};
  for (std::int64_t s = 0; s < segments; ++s) {
    const Segment segment = segment_of(p, s);
    JudgedMatrix drows = zeros(segment.rows.rows(), channels);
    if (dfinal_state.size() > 0) {
      drows.value.bottomRows(history) = state_rows(dfinal_state, s, channels);
      drows.magnitude.bottomRows(history) = drows.value.bottomRows(history).cwiseAbs();
    }
    for (std::int64_t t = 0; t < segment.length; ++t) {
      for (std::int64_t c = 0; c < channels; ++c) {
        const double upstream = dy(segment.start + t, c);
        const Judged slope = p.silu ? silu_slope(preactivation(p, segment, t, c)) : Judged{1, 1};
        const Judged g{upstream * slope.value, std::abs(upstream) * slope.magnitude};
        add(d.bias, c, 0, g, 1);
        for (std::int64_t j = 0; j < width; ++j) {
          add(d.weight, c, j, g, segment.rows(t + j, c));
          add(drows, t + j, c, g, p.weight(c, j));
        }
      }
    }
    d.x.value.middleRows(segment.start, segment.length) = drows.value.bottomRows(segment.length);
    d.x.magnitude.middleRows(segment.start, segment.length) =
        drows.magnitude.bottomRows(segment.length);
    set_state_row(d.initial_state.value, s, drows.value.topRows(history));
    set_state_row(d.initial_state.magnitude, s, drows.magnitude.topRows(history));
  }
  return d;
}

}  // namespace packproof::reference
