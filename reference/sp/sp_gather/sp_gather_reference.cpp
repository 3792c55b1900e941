// sp_gather. Definition: token i of segment s is row cu_seqlens_padded[s] + i of the padded row,
// which sp_layout.h lays on the ranks. y [world, total_tokens, dim] has that token once a rank; dx
// is dy there, that of the row's own rank, and zero in every other row.
#include <vector>

#include "reference/core/results.h"
#include "reference/op_references.h"
#include "reference/sp/sp_layout.h"

namespace packproof::reference {
namespace {

struct Problem {
  SpLayout layout;
  Integers cu_seqlens;  // of the tokens

  explicit Problem(const Call& call) : layout(call), cu_seqlens(cu_seqlens_of(call)) {}

  // The token that each padded row holds; -1 in pads and slack.
  std::vector<std::int64_t> token_of_row(std::int64_t rows) const {
    std::vector<std::int64_t> token(static_cast<std::size_t>(rows), -1);
    for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
      for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t)
        token[static_cast<std::size_t>(layout.padded(s) + t - cu_seqlens(s))] = t;
    return token;
  }

  // visit(place in the ranks' shares, token) for each token.
  template <class Visit>
  void for_each_token(std::int64_t padded_rows, Visit visit) const {
    const std::vector<std::int64_t> token = token_of_row(padded_rows);
    Eigen::Index place = 0;
    for (const std::int64_t row : layout.rows_by_rank(padded_rows)) {
      const std::int64_t t = token[static_cast<std::size_t>(row)];
      if (t >= 0) visit(place, t);
      ++place;
    }
  }
};

// x [padded rows, dim], rank after rank -> [world * total_tokens, dim].
BitRows forward(const BitRows& x, const Problem& p, std::int64_t total_tokens) {
  BitRows y = BitRows::Zero(total_tokens, x.cols());
  p.for_each_token(x.rows(), [&](Eigen::Index place, std::int64_t t) { y.row(t) = x.row(place); });
  return y.replicate(p.layout.world, 1);
}

// The inverse; rank r reads the r-th copy.
BitRows backward(const BitRows& dy, const Problem& p, std::int64_t padded_rows) {
  const std::int64_t total_tokens = dy.rows() / p.layout.world;
  BitRows dx = BitRows::Zero(padded_rows, dy.cols());
  p.for_each_token(padded_rows, [&](Eigen::Index place, std::int64_t t) {
    const std::int64_t rank = place / (padded_rows / p.layout.world);
    dx.row(place) = dy.row(rank * total_tokens + t);
  });
  return dx;
}

}  // namespace

ReferenceResult sp_gather_reference(const Call& call) {
  const Problem problem(call);
  if (call.has_output("y")) {
    const Tensor& x = call.input("x");
    return {moved("y", x.dtype, forward(bits_of(x), problem, call.output("y").size(1)))};
  }
  const Tensor& dy = call.input("dy");
  const Tensor& dx = call.output("dx");
  return {moved("dx", dy.dtype, backward(bits_of(dy), problem, dx.size(0) * dx.size(1)))};
}

}  // namespace packproof::reference
