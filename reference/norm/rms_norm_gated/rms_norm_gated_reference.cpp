#include "reference/norm/rms_norm_gated/rms_norm_gated_reference.h"

#include <cmath>

namespace packproof::reference {
namespace {

using Row = Eigen::RowVectorXd;

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

// visit(head) for each head of each token of a segment.
template <class Visit>
void for_each_head(const RmsNormGatedProblem& p, Visit visit) {
  const std::int64_t dim = p.weight.rows();
  for (std::int64_t t = 0; t < p.cu_seqlens(p.cu_seqlens.size() - 1); ++t) {
    for (std::int64_t at = 0; at < p.x.cols(); at += dim) {
      const Row x = p.x.row(t).segment(at, dim);
      const double r = 1 / std::sqrt(x.squaredNorm() / static_cast<double>(dim) + p.eps);
      visit(Head{t, at, r, r * x, p.z.row(t).segment(at, dim)});
    }
  }
}

void set(JudgedMatrix& to, const Head& head, const Row& value, const Row& magnitude) {
  to.value.row(head.token).segment(head.at, value.size()) = value;
  to.magnitude.row(head.token).segment(head.at, value.size()) = magnitude;
}

}  // namespace

JudgedMatrix rms_norm_gated(const RmsNormGatedProblem& p) {
  JudgedMatrix y = zeros(p.x.rows(), p.x.cols());
  for_each_head(p, [&](const Head& head) {
    const Row value = head.n.cwiseProduct(p.weight.transpose()).cwiseProduct(head.silu());
    set(y, head, value, 2 * value.cwiseAbs());
  });
  return y;
}

RmsNormGatedGradients rms_norm_gated_backward(const RmsNormGatedProblem& p, const Matrix& dy) {
  const std::int64_t dim = p.weight.rows();
  RmsNormGatedGradients d = {zeros(p.x.rows(), p.x.cols()), zeros(p.x.rows(), p.x.cols()),
                             zeros(dim, 1)};
  for_each_head(p, [&](const Head& head) {
    const Row upstream = dy.row(head.token).segment(head.at, dim);
    const Row weighted = upstream.cwiseProduct(p.weight.transpose());
    const Row h = weighted.cwiseProduct(head.silu());
    const Row n_m = head.n.cwiseAbs();
    const double along = h.dot(head.n) / static_cast<double>(dim);
    const double along_m = h.cwiseAbs().dot(n_m) / static_cast<double>(dim);
    set(d.x, head, head.r * (h - head.n * along), head.r * (2 * h.cwiseAbs() + 4 * n_m * along_m));
    set(d.z, head, weighted.cwiseProduct(head.n).cwiseProduct(head.slope()),
        2 * weighted.cwiseAbs().cwiseProduct(n_m).cwiseProduct(head.slope_magnitude()));
    const Row of_weight = upstream.cwiseProduct(head.n).cwiseProduct(head.silu());
    d.weight.value += of_weight.transpose();
    d.weight.magnitude += 2 * of_weight.cwiseAbs().transpose();
  });
  return d;
}

}  // namespace packproof::reference
