#include "reference/norm/rms_norm_gated/rms_norm_gated_judged.h"

#include <cmath>

#include "reference/core/judged_silu.h"

namespace packproof::reference {
namespace {

using Row = Eigen::RowVectorXd;

constexpr double kEpsilon = 1e-6;

// One head of one token.
struct Head {
  std::int64_t token, first, dim;  // `first` of its `dim` columns
  double r;                        // 1 / rms
  Row n;                           // r x
  Row n_m;                         // r times the magnitude of x

  Head(const JudgedMatrix& x, std::int64_t t, std::int64_t column, std::int64_t size)
      : token(t), first(column), dim(size) {
    const auto value = x.value.row(t).segment(column, size);
    r = 1 / std::sqrt(value.squaredNorm() / static_cast<double>(size) + kEpsilon);
    n = r * value;
    n_m = r * x.magnitude.row(t).segment(column, size);
  }

  // By how much the norm's own division amplifies, beside 1.
  double along_magnitude() const { return n.cwiseAbs().dot(n_m) / static_cast<double>(dim); }
};

struct Inputs {
  const Matrix &z, &weight;

  Judged gate(const Head& head, std::int64_t c) const {
    const double value = z(head.token, head.first + c);
    return {value, std::abs(value)};
  }
};

void forward(const Inputs& in, const Head& head, JudgedMatrix& y) {
  const double along = head.along_magnitude();
  for (std::int64_t c = 0; c < head.dim; ++c) {
    const std::int64_t at = head.first + c;
    const Judged gate = silu(in.gate(head, c));
    const double factor = in.weight(c) * gate.value;
    y.value(head.token, at) = head.n(c) * factor;
    y.magnitude(head.token, at) = (head.n_m(c) + std::abs(head.n(c)) * along) * std::abs(factor) +
                                  std::abs(head.n(c) * in.weight(c)) * gate.magnitude;
  }
}

struct Gradients {
  const JudgedMatrix& dy;
  JudgedMatrix &dx, &dz, &dweight;
};

void backward(const Inputs& in, const Head& head, const Gradients& d) {
  Row h(head.dim), h_m(head.dim);  // the gradient of n
  for (std::int64_t c = 0; c < head.dim; ++c) {
    const std::int64_t at = head.first + c;
    const Judged up{d.dy.value(head.token, at), d.dy.magnitude(head.token, at)};
    const Judged z = in.gate(head, c), gate = silu(z), slope = silu_slope(z);
    const double weight = in.weight(c);
    h(c) = up.value * weight * gate.value;
    h_m(c) = std::abs(weight) *
             (up.magnitude * std::abs(gate.value) + std::abs(up.value) * gate.magnitude);
    const double n_m = up.magnitude * std::abs(head.n(c)) + std::abs(up.value) * head.n_m(c);
    d.dz.value(head.token, at) = up.value * weight * head.n(c) * slope.value;
    d.dz.magnitude(head.token, at) = std::abs(weight) * n_m * slope.magnitude;
    add(d.dweight, c, 0, {up.value * head.n(c), n_m}, gate.value);
  }
  const double count = static_cast<double>(head.dim);
  const double along = h.dot(head.n) / count;
  const double along_m = (h_m.dot(head.n.cwiseAbs()) + h.cwiseAbs().dot(head.n_m)) / count;
  const double amplified = 1 + head.along_magnitude();
  d.dx.value.row(head.token).segment(head.first, head.dim) = head.r * (h - head.n * along);
  d.dx.magnitude.row(head.token).segment(head.first, head.dim) =
      head.r * (amplified * h_m + head.n.cwiseAbs() * along_m + head.n_m * std::abs(along));
}

template <class Visit>
void for_each_head(const JudgedCall& call, Visit visit) {
  const JudgedMatrix& x = call.input("x");
  const std::int64_t dim = call.value("weight").rows();
  for (std::int64_t t = call.first_token(); t < call.last_token(); ++t)
    for (std::int64_t first = 0; first < x.value.cols(); first += dim)
      visit(Head(x, t, first, dim));
}

}  // namespace

void rms_norm_gated_judged(const JudgedCall& call) {
  const Inputs in{call.value("z"), call.value("weight")};
  if (call.is_forward()) {
    JudgedMatrix& y = call.output("y");
    for_each_head(call, [&](const Head& head) { forward(in, head, y); });
    return;
  }
  const Gradients d{call.input("dy"), call.output("dx"), call.output("dz"), call.output("dweight")};
  for_each_head(call, [&](const Head& head) { backward(in, head, d); });
}

}  // namespace packproof::reference
