#include "reference/norm/l2norm/l2norm_reference.h"

#include <cmath>

namespace packproof::reference {
namespace {

using Row = Eigen::RowVectorXd;

// visit(token, first column of the head, columns) for each head of each token of a segment.
template <class Visit>
void for_each_row(const L2NormProblem& p, Visit visit) {
  const std::int64_t dim = p.x.cols() / p.heads;
  for (std::int64_t t = 0; t < p.cu_seqlens(p.cu_seqlens.size() - 1); ++t)
    for (std::int64_t h = 0; h < p.heads; ++h) visit(t, h * dim, dim);
}

double inverse_norm(const L2NormProblem& p, const Row& x) {
  return 1 / std::sqrt(x.squaredNorm() + p.eps);
}

}  // namespace

JudgedMatrix l2norm(const L2NormProblem& p) {
  JudgedMatrix y = zeros(p.x.rows(), p.x.cols());
  for_each_row(p, [&](std::int64_t t, std::int64_t at, std::int64_t dim) {
    const Row x = p.x.row(t).segment(at, dim);
    const Row row = x * inverse_norm(p, x);
    y.value.row(t).segment(at, dim) = row;
    y.magnitude.row(t).segment(at, dim) = 2 * row.cwiseAbs();
  });
  return y;
}

JudgedMatrix l2norm_backward(const L2NormProblem& p, const Matrix& dy) {
  JudgedMatrix dx = zeros(p.x.rows(), p.x.cols());
  for_each_row(p, [&](std::int64_t t, std::int64_t at, std::int64_t dim) {
    const Row x = p.x.row(t).segment(at, dim), upstream = dy.row(t).segment(at, dim);
    const double r = inverse_norm(p, x);
    const Row y = x * r;
    const double along = y.dot(upstream), along_m = y.cwiseAbs().dot(upstream.cwiseAbs());
    dx.value.row(t).segment(at, dim) = r * (upstream - y * along);
    dx.magnitude.row(t).segment(at, dim) =
        r * (2 * upstream.cwiseAbs() + 4 * y.cwiseAbs() * along_m);
  });
  return dx;
}

}  // namespace packproof::reference
