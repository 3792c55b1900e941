// causal_conv1d. Definition, for each segment and channel c, with E the width - 1 rows of history
// (the initial state, or zeros) followed by the segment's rows of x:
//   u[t, c] = bias[c] + sum_j weight[c, j] * E[t + j, c]        y = act(u)
// The final state is the last width - 1 rows of E. act is the identity or silu(u) =
// u / (1 + exp(-u)), taken as IEEE arithmetic gives it at infinities: silu(-inf) is NaN, and so are
// both limits of silu'(u) = s (1 + u (1 - s)) with s = 1 / (1 + exp(-u)).
//
// Magnitudes m are sums of the magnitudes of terms, so that |computed - exact| <= c unit_roundoff m
// with a small c for a correct kernel that sums in fp32. With m_u that sum for u:
//   y        identity: m_u. silu: |silu(u)| + slope m_u, as an error of u is passed on.
//   g        = dy act'(u). silu: |dy| (s (1 + |u| r) + curvature m_u), r the share of 1 - s that
//            its own rounding spoils (1, falling to 0 where s rounds to 1).
//   dx, ...  sums of |weight| m_g, |x| m_g, m_g, and |dfinal_state|.
// slope and curvature bound |silu'| and |silu''| over all that rounding may make of u. Below
// u = -88.7 exp(-u) overflows fp32, and x / (1 + exp(-x)) gives 0 for up to 2^-126 |u|: m has
// 2^-102 m_u more, which is that much in fp32 with c = 1, and nothing anywhere else.
#include <cmath>

#include "reference/conv/moved_state.h"
#include "reference/core/call_arrays.h"
#include "reference/core/judged_silu.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

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

struct Problem {
  Matrix x;              // [total_tokens, channels]
  Matrix weight;         // [channels, width]
  Matrix bias;           // [channels, 1]; empty: no bias
  Integers cu_seqlens;   // [segments + 1]
  Matrix initial_state;  // [segments, channels * (width - 1)]; empty: zeros
  bool has_silu;

  explicit Problem(const Call& call)
      : x(matrix_of(call.input("x"))),
        weight(matrix_of(call.input("weight"))),
        bias(optional_matrix(call, "bias")),
        cu_seqlens(cu_seqlens_of(call)),
        initial_state(optional_matrix(call, "initial_state")),
        has_silu(!call.the_case->is("activation", "none")) {}

  std::int64_t segments() const { return cu_seqlens.size() - 1; }
  std::int64_t channels() const { return weight.rows(); }
  std::int64_t history() const { return weight.cols() - 1; }

  Segment segment(std::int64_t s) const {
    Segment segment{cu_seqlens(s), cu_seqlens(s + 1) - cu_seqlens(s), {}};
    segment.rows = Matrix::Zero(history() + segment.length, channels());
    if (initial_state.size() > 0)
      segment.rows.topRows(history()) = state_rows(initial_state, s, channels());
    if (segment.length > 0)  // x of no rows need not have columns
      segment.rows.bottomRows(segment.length) = x.middleRows(segment.start, segment.length);
    return segment;
  }

  Judged preactivation(const Segment& segment, std::int64_t t, std::int64_t c) const {
    Judged u{0, 0};
    if (bias.size() > 0) u = {bias(c), std::abs(bias(c))};
    for (std::int64_t j = 0; j < weight.cols(); ++j) {
      const double term = weight(c, j) * segment.rows(t + j, c);
      u.value += term;
      u.magnitude += std::abs(term);
    }
    return u;
  }
};

// [total_tokens, channels]; zero in slack.
JudgedMatrix convolved(const Problem& p) {
  JudgedMatrix y = zeros(p.x.rows(), p.channels());
  for (std::int64_t s = 0; s < p.segments(); ++s) {
    const Segment segment = p.segment(s);
    for (std::int64_t t = 0; t < segment.length; ++t) {
      for (std::int64_t c = 0; c < p.channels(); ++c) {
        const Judged u = p.preactivation(segment, t, c);
        const Judged result = p.has_silu ? silu(u) : u;
        y.value(segment.start + t, c) = result.value;
        y.magnitude(segment.start + t, c) = result.magnitude;
      }
    }
  }
  return y;
}

// [segments, channels * (width - 1)]. Only moves data: x and initial_state may hold bit patterns.
Matrix final_state(const Problem& p) {
  Matrix state(p.segments(), p.channels() * p.history());
  for (std::int64_t s = 0; s < p.segments(); ++s)
    set_state_row(state, s, p.segment(s).rows.bottomRows(p.history()));
  return state;
}

ReferenceResult forward(const Call& call, Problem& p) {
  ReferenceResult results = {judged("y", convolved(p))};
  if (!call.has_output("final_state")) return results;
  const Matrix value = final_state(p);
  p.x = bit_patterns_of(call.input("x"));
  if (call.has_input("initial_state"))
    p.initial_state = bit_patterns_of(call.input("initial_state"));
  results.push_back(moved("final_state", value, final_state(p)));
  return results;
}

ReferenceResult backward(const Call& call, const Problem& p) {
  const std::int64_t channels = p.channels(), width = p.weight.cols(), history = p.history();
  const Matrix dy = matrix_of(call.input("dy"));
  const Matrix dfinal_state = optional_matrix(call, "dfinal_state");
  JudgedMatrix dx = zeros(p.x.rows(), channels), dweight = zeros(channels, width);
  JudgedMatrix dbias = zeros(channels, 1), dstate = zeros(p.segments(), channels * history);
  for (std::int64_t s = 0; s < p.segments(); ++s) {
    const Segment segment = p.segment(s);
    JudgedMatrix drows = zeros(segment.rows.rows(), channels);
    if (dfinal_state.size() > 0) {
      drows.value.bottomRows(history) = state_rows(dfinal_state, s, channels);
      drows.magnitude.bottomRows(history) = drows.value.bottomRows(history).cwiseAbs();
    }
    for (std::int64_t t = 0; t < segment.length; ++t) {
      for (std::int64_t c = 0; c < channels; ++c) {
        const double upstream = dy(segment.start + t, c);
        const Judged slope = p.has_silu ? silu_slope(p.preactivation(segment, t, c)) : Judged{1, 1};
        const Judged g{upstream * slope.value, std::abs(upstream) * slope.magnitude};
        add(dbias, c, 0, g, 1);
        for (std::int64_t j = 0; j < width; ++j) {
          add(dweight, c, j, g, segment.rows(t + j, c));
          add(drows, t + j, c, g, p.weight(c, j));
        }
      }
    }
    dx.value.middleRows(segment.start, segment.length) = drows.value.bottomRows(segment.length);
    dx.magnitude.middleRows(segment.start, segment.length) =
        drows.magnitude.bottomRows(segment.length);
    set_state_row(dstate.value, s, drows.value.topRows(history));
    set_state_row(dstate.magnitude, s, drows.magnitude.topRows(history));
  }
  return judged_outputs(
      call, {{"dx", dx}, {"dweight", dweight}, {"dbias", dbias}, {"dinitial_state", dstate}});
}

}  // namespace

ReferenceResult causal_conv1d_reference(const Call& call) {
  Problem problem(call);
  return is_forward(call) ? forward(call, problem) : backward(call, problem);
}

}  // namespace packproof::reference
