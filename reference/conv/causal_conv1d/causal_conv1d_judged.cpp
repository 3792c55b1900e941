#include "reference/conv/causal_conv1d/causal_conv1d_judged.h"

#include <cmath>

#include "reference/core/judged_silu.h"

namespace packproof::reference {
namespace {

struct Segment {
  const Matrix& x;
  const Matrix& weight;
  std::int64_t start;

  // visit(tap, row of x) for each tap of token t that lies in the segment.
  template <class Visit>
  void for_each_tap(std::int64_t t, Visit visit) const {
    for (std::int64_t j = 0; j < weight.cols(); ++j)
      if (const std::int64_t from = t - (weight.cols() - 1) + j; from >= start) visit(j, from);
  }

  Judged preactivation(std::int64_t t, std::int64_t channel) const {
    Judged u{0, 0};
    for_each_tap(t, [&](std::int64_t j, std::int64_t from) {
      const double term = weight(channel, j) * x(from, channel);
      u.value += term;
      u.magnitude += std::abs(term);
    });
    return u;
  }
};

void forward(const Segment& segment, std::int64_t t, JudgedMatrix& y) {
  for (std::int64_t c = 0; c < segment.weight.rows(); ++c) {
    const Judged result = silu(segment.preactivation(t, c));
    y.value(t, c) = result.value;
    y.magnitude(t, c) = result.magnitude;
  }
}

struct Gradients {
  const JudgedMatrix& dy;
  JudgedMatrix &dx, &dweight;
};

void backward(const Segment& segment, std::int64_t t, const Gradients& d) {
  for (std::int64_t c = 0; c < segment.weight.rows(); ++c) {
    const Judged slope = silu_slope(segment.preactivation(t, c));
    const Judged du{d.dy.value(t, c) * slope.value,
                    d.dy.magnitude(t, c) * std::abs(slope.value) +
                        std::abs(d.dy.value(t, c)) * slope.magnitude};
    segment.for_each_tap(t, [&](std::int64_t j, std::int64_t from) {
      add(d.dweight, c, j, du, segment.x(from, c));
      add(d.dx, from, c, du, segment.weight(c, j));
    });
  }
}

// visit(segment, token) for every token of every segment.
template <class Visit>
void for_each_token(const JudgedCall& call, Visit visit) {
  for (std::int64_t s = 0; s + 1 < call.cu_seqlens.size(); ++s) {
    const Segment segment{call.value("x"), call.value("weight"), call.cu_seqlens(s)};
    for (std::int64_t t = segment.start; t < call.cu_seqlens(s + 1); ++t) visit(segment, t);
  }
}

}  // namespace

void causal_conv1d_judged(const JudgedCall& call) {
  if (call.is_forward()) {
    JudgedMatrix& y = call.output("y");
    for_each_token(call, [&](const Segment& segment, std::int64_t t) { forward(segment, t, y); });
    return;
  }
  const Gradients d{call.input("dy"), call.output("dx"), call.output("dweight")};
  for_each_token(call, [&](const Segment& segment, std::int64_t t) { backward(segment, t, d); });
}

}  // namespace packproof::reference
