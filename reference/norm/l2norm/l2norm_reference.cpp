// l2norm. Definition, for each token and head, over the head's features:
//   y = r x    with r = 1 / sqrt(sum x^2 + eps)
//   dx = r (dy - y (y . dy))
// At x = 0 the gradient is dy / sqrt(eps). That is the derivative; implementations that give zero
// there (to keep pads of zeros from passing 1000 times their gradient on) differ from it, and
// need not: pads of a packed layout are slack, with gradient zero.
//
// Magnitudes m: a term counts once for its own roundings and once for each factor r that it has,
// as an error of r is passed on: 2 |y|, and 2 r |dy| + 4 r |y| sum |y dy|.
#include <cmath>

#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

using Row = Eigen::RowVectorXd;

constexpr double kEps = 1e-6;

// visit(token, first column of the head, columns) for each head of each token of a segment.
template <class Visit>
void for_each_row(const Call& call, Visit visit) {
  const std::int64_t heads = call.input("x").size(1), dim = call.input("x").size(2);
  for (std::int64_t t = 0, tokens = valid_tokens_of(call); t < tokens; ++t)
    for (std::int64_t h = 0; h < heads; ++h) visit(t, h * dim, dim);
}

double inverse_norm(const Row& x) { return 1 / std::sqrt(x.squaredNorm() + kEps); }

// [total_tokens, heads * dim]; zero in slack.
JudgedMatrix forward(const Call& call, const Matrix& rows) {
  JudgedMatrix y = zeros(rows.rows(), rows.cols());
  for_each_row(call, [&](std::int64_t t, std::int64_t at, std::int64_t dim) {
    const Row x = rows.row(t).segment(at, dim);
    const Row row = x * inverse_norm(x);
    y.value.row(t).segment(at, dim) = row;
    y.magnitude.row(t).segment(at, dim) = 2 * row.cwiseAbs();
  });
  return y;
}

JudgedMatrix backward(const Call& call, const Matrix& rows, const Matrix& dy) {
  JudgedMatrix dx = zeros(rows.rows(), rows.cols());
  for_each_row(call, [&](std::int64_t t, std::int64_t at, std::int64_t dim) {
    const Row x = rows.row(t).segment(at, dim), upstream = dy.row(t).segment(at, dim);
    const double r = inverse_norm(x);
    const Row y = x * r;
    const double along = y.dot(upstream), along_m = y.cwiseAbs().dot(upstream.cwiseAbs());
    dx.value.row(t).segment(at, dim) = r * (upstream - y * along);
    dx.magnitude.row(t).segment(at, dim) =
        r * (2 * upstream.cwiseAbs() + 4 * y.cwiseAbs() * along_m);
  });
  return dx;
}

}  // namespace

ReferenceResult l2norm_reference(const Call& call) {
  const Matrix x = matrix_of(call.input("x"));
  if (is_forward(call)) return {judged("y", forward(call, x))};
  return {judged("dx", backward(call, x, matrix_of(call.input("dy"))))};
}

}  // namespace packproof::reference
