// causal_conv1d_update. Definition (causal-conv1d's, on packed tokens): each segment brings one or
// more new tokens of a sequence whose last tokens lie in a slot of the state, oldest first. For
// each segment and channel c, with E the slot's columns followed by the segment's rows of x, of
// which the window sees the last width:
//   u[t, c] = bias[c] + sum_j weight[c, j] * E[c, state_len + t - (width - 1) + j]   y = act(u)
// Afterwards the slot holds the last state_len columns of E. A segment without a slot is padding:
// its rows of y are zero. A slot without a segment stays as it was.
//
// Magnitudes are those of causal_conv1d: m_u = sum of the magnitudes of terms, or through silu.
#include <cmath>

#include "reference/conv/moved_state.h"
#include "reference/core/call_arrays.h"
#include "reference/core/judged_silu.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

struct Segment {
  std::int64_t slot;
  std::int64_t start;
  std::int64_t length;
};

struct Problem {
  Matrix x;             // [total_tokens, channels]
  Matrix weight;        // [channels, width]
  Matrix bias;          // [channels, 1]; empty: no bias
  Integers cu_seqlens;  // [segments + 1]
  Matrix state;         // [slots, channels * state_len], state_len >= width - 1
  Integers slots;       // [segments]
  bool has_silu;

  explicit Problem(const Call& call)
      : x(matrix_of(call.input("x"))),
        weight(matrix_of(call.input("weight"))),
        bias(optional_matrix(call, "bias")),
        cu_seqlens(cu_seqlens_of(call)),
        state(matrix_of(call.input("conv_state"))),
        slots(slots_of_segments(call, "conv_state_indices")),
        has_silu(!call.the_case->is("activation", "none")) {}

  std::int64_t channels() const { return weight.rows(); }
  std::int64_t state_len() const { return state.cols() / channels(); }

  // visit(segment) for each that has a slot.
  template <class Visit>
  void for_each_segment(Visit visit) const {
    for (std::int64_t s = 0; s < slots.size(); ++s)
      if (slots(s) >= 0) visit(Segment{slots(s), cu_seqlens(s), cu_seqlens(s + 1) - cu_seqlens(s)});
  }

  // E of one channel.
  Eigen::RowVectorXd extended(const Segment& segment, std::int64_t channel) const {
    const std::int64_t before = state_len();
    Eigen::RowVectorXd e(before + segment.length);
    e.head(before) = state.row(segment.slot).segment(channel * before, before);
    for (std::int64_t t = 0; t < segment.length; ++t) e(before + t) = x(segment.start + t, channel);
    return e;
  }
};

// [total_tokens, channels]; zero in slack.
JudgedMatrix convolved(const Problem& p) {
  const std::int64_t width = p.weight.cols();
  JudgedMatrix y = zeros(p.x.rows(), p.channels());
  p.for_each_segment([&](const Segment& segment) {
    for (std::int64_t c = 0; c < p.channels(); ++c) {
      const Eigen::RowVectorXd e = p.extended(segment, c);
      for (std::int64_t t = 0; t < segment.length; ++t) {
        Judged u = {0, 0};
        if (p.bias.size() > 0) u = {p.bias(c), std::abs(p.bias(c))};
        for (std::int64_t j = 0; j < width; ++j) {
          const double term = p.weight(c, j) * e(p.state_len() + t - (width - 1) + j);
          u.value += term;
          u.magnitude += std::abs(term);
        }
        const Judged result = p.has_silu ? silu(u) : u;
        y.value(segment.start + t, c) = result.value;
        y.magnitude(segment.start + t, c) = result.magnitude;
      }
    }
  });
  return y;
}

// The state afterwards. Only moves data: x and state may hold bit patterns.
Matrix state_after(const Problem& p) {
  Matrix state = p.state;
  p.for_each_segment([&](const Segment& segment) {
    for (std::int64_t c = 0; c < p.channels(); ++c)
      state.row(segment.slot).segment(c * p.state_len(), p.state_len()) =
          p.extended(segment, c).tail(p.state_len());
  });
  return state;
}

}  // namespace

ReferenceResult causal_conv1d_update_reference(const Call& call) {
  Problem p(call);
  const JudgedMatrix y = convolved(p);
  const Matrix state = state_after(p);
  p.x = bit_patterns_of(call.input("x"));
  p.state = bit_patterns_of(call.input("conv_state"));
  return {judged("y", y), moved("updated_state", state, state_after(p))};
}

}  // namespace packproof::reference
