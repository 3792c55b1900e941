// rms_norm_gated. Definition, for each token and head, over the head's D features (transformers'
// Qwen3-Next, without its roundings):
//   n = r x   with r = 1 / sqrt(sum x^2 / D + eps)        y = n weight silu(z)
// Gradients, with h = dy weight silu(z) that of n:
//   dx = r (h - n sum(h n) / D)      dz = dy n weight silu'(z)      dweight sums dy n silu(z)
// over the heads of all tokens of the segments. silu(z) = z s and silu'(z) = s (1 + z (1 - s)) with
// s = sigmoid(z), taken as IEEE arithmetic gives them at infinities.
//
// Magnitudes m: a term counts once for its own roundings, silu's among them, and once for each
// factor r that it has, as an error of r is passed on. silu' is a sum of s and s z (1 - s).
#include <cmath>

#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

using Row = Eigen::RowVectorXd;

constexpr double kEps = 1e-6;

double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

// One head of one token.
struct Head {
  std::int64_t token;
  std::int64_t at;  // its first column
  double r;
  Row n, z;

  Row silu() const {
    return z.unaryExpr([](double v) { return v * sigmoid(v); });
  }
  Row slope() const {
    return z.unaryExpr([](double v) { return sigmoid(v) * (1 + v * sigmoid(-v)); });
  }
  Row slope_magnitude() const {
    return z.unaryExpr([](double v) { return sigmoid(v) * (1 + std::abs(v) * sigmoid(-v)); });
  }
};

struct Problem {
  Matrix x, z;                // [total_tokens, heads * dim]
  Matrix weight;              // [dim, 1]
  std::int64_t valid_tokens;  // of the segments

  explicit Problem(const Call& call)
      : x(matrix_of(call.input("x"))),
        z(matrix_of(call.input("z"))),
        weight(matrix_of(call.input("weight"))),
        valid_tokens(valid_tokens_of(call)) {}

  std::int64_t dim() const { return weight.rows(); }
  JudgedMatrix rows() const { return zeros(x.rows(), x.cols()); }

  // visit(head) for each head of each token of a segment.
  template <class Visit>
  void for_each_head(Visit visit) const {
    for (std::int64_t t = 0; t < valid_tokens; ++t) {
      for (std::int64_t at = 0; at < x.cols(); at += dim()) {
        const Row features = x.row(t).segment(at, dim());
        const double r = 1 / std::sqrt(features.squaredNorm() / static_cast<double>(dim()) + kEps);
        visit(Head{t, at, r, r * features, z.row(t).segment(at, dim())});
      }
    }
  }
};

void set(JudgedMatrix& to, const Head& head, const Row& value, const Row& magnitude) {
  to.value.row(head.token).segment(head.at, value.size()) = value;
  to.magnitude.row(head.token).segment(head.at, value.size()) = magnitude;
}

ReferenceResult forward(const Problem& p) {
  JudgedMatrix y = p.rows();
  p.for_each_head([&](const Head& head) {
    const Row value = head.n.cwiseProduct(p.weight.transpose()).cwiseProduct(head.silu());
    set(y, head, value, 2 * value.cwiseAbs());
  });
  return {judged("y", y)};
}

ReferenceResult backward(const Problem& p, const Matrix& dy) {
  const std::int64_t dim = p.dim();
  JudgedMatrix dx = p.rows(), dz = p.rows(), dweight = zeros(dim, 1);
  p.for_each_head([&](const Head& head) {
    const Row upstream = dy.row(head.token).segment(head.at, dim);
    const Row weighted = upstream.cwiseProduct(p.weight.transpose());
    const Row h = weighted.cwiseProduct(head.silu());
    const Row n_m = head.n.cwiseAbs();
    const double along = h.dot(head.n) / static_cast<double>(dim);
    const double along_m = h.cwiseAbs().dot(n_m) / static_cast<double>(dim);
    set(dx, head, head.r * (h - head.n * along), head.r * (2 * h.cwiseAbs() + 4 * n_m * along_m));
    set(dz, head, weighted.cwiseProduct(head.n).cwiseProduct(head.slope()),
        2 * weighted.cwiseAbs().cwiseProduct(n_m).cwiseProduct(head.slope_magnitude()));
    const Row of_weight = upstream.cwiseProduct(head.n).cwiseProduct(head.silu());
    dweight.value += of_weight.transpose();
    dweight.magnitude += 2 * of_weight.cwiseAbs().transpose();
  });
  return {judged("dx", dx), judged("dz", dz), judged("dweight", dweight)};
}

}  // namespace

ReferenceResult rms_norm_gated_reference(const Call& call) {
  const Problem problem(call);
  return is_forward(call) ? forward(problem) : backward(problem, matrix_of(call.input("dy")));
}

}  // namespace packproof::reference
