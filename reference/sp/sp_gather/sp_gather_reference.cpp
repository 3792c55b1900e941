#include "reference/sp/sp_gather/sp_gather_reference.h"

#include <vector>

namespace packproof::reference {
namespace {

// The token that each padded row holds; -1 in pads and slack.
std::vector<std::int64_t> token_of_row(const SpGatherProblem& p, std::int64_t rows) {
  std::vector<std::int64_t> token(static_cast<std::size_t>(rows), -1);
  for (Eigen::Index s = 0; s + 1 < p.cu_seqlens.size(); ++s)
    for (std::int64_t t = p.cu_seqlens(s); t < p.cu_seqlens(s + 1); ++t)
      token[static_cast<std::size_t>(p.padded(s) + t - p.cu_seqlens(s))] = t;
  return token;
}

}  // namespace

BitRows sp_gather(const BitRows& x, const SpGatherProblem& p, std::int64_t total_tokens) {
  const std::vector<std::int64_t> token = token_of_row(p, x.rows());
  BitRows y = BitRows::Zero(total_tokens, x.cols());
  Eigen::Index place = 0;
  for (const std::int64_t row : rows_by_rank(p.order, p.padded, x.rows(), p.world)) {
    const std::int64_t t = token[static_cast<std::size_t>(row)];
    if (t >= 0) y.row(t) = x.row(place);
    ++place;
  }
  return y.replicate(p.world, 1);
}

BitRows sp_gather_backward(const BitRows& dy, const SpGatherProblem& p, std::int64_t padded_rows) {
  const std::vector<std::int64_t> token = token_of_row(p, padded_rows);
  const std::int64_t total_tokens = dy.rows() / p.world;
  BitRows dx = BitRows::Zero(padded_rows, dy.cols());
  Eigen::Index place = 0;
  for (const std::int64_t row : rows_by_rank(p.order, p.padded, padded_rows, p.world)) {
    const std::int64_t t = token[static_cast<std::size_t>(row)];
    const std::int64_t rank = place / (padded_rows / p.world);
    if (t >= 0) dx.row(place) = dy.row(rank * total_tokens + t);
    ++place;
  }
  return dx;
}

}  // namespace packproof::reference
