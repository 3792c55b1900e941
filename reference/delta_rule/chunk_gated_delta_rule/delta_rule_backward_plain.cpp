#include <algorithm>

#include "reference/delta_rule/chunk_gated_delta_rule/delta_rule_plain.h"

namespace packproof::reference::plain {

void PlainDeltaRule::backward() const {
  clear_outputs();
  Sums dq(call_, "dq"), dk(call_, "dk");
  for_each_head([&](std::int64_t s, std::int64_t head, std::int64_t first, std::int64_t last) {
    std::vector<Chunk> chunks;
    Matrix state = state_of("initial_state", s, head);
    for (std::int64_t t = first; t < last; t += kChunk) {
      chunks.push_back(chunk(head, t, std::min(t + kChunk, last), state));
      advance(chunks.back(), state);
    }
    Matrix dstate = state_of("dfinal_state", s, head);
    for (; !chunks.empty(); chunks.pop_back()) chunk_backward(chunks.back(), head, dstate, dq, dk);
    put_state("dinitial_state", s, head, dstate);
  });
  dq.give(*this);
  dk.give(*this);
}

// With P = between, vn = written, W = inverse decayed_keys:
//   o = from_start q S + (q k^T P) vn        S' = e S + k^T (to_end vn)        vn = U - W S
void PlainDeltaRule::chunk_backward(const Chunk& c, std::int64_t head, Matrix& dstate,
                                    Sums& dq_sums, Sums& dk_sums) const {
  const Matrix dout = rows("do", head, value_heads_, c.first, c.first + c.tokens);
  const Matrix attention = product(c.q, c.k.transpose()).cwiseProduct(c.between);
  const float whole = std::exp(c.decay(c.tokens - 1));
  const Matrix keys = decayed_keys(c), values = c.beta.asDiagonal() * c.v;
  const Matrix reads = product(c.inverse, keys);

  const Matrix left = c.to_end.asDiagonal() * product(c.k, dstate);  // gradient of vn through S'
  const Matrix dwritten = product(attention.transpose(), dout) + left;
  const Matrix dscores = product(dout, c.written.transpose());
  const Matrix dscores_decayed = dscores.cwiseProduct(c.between);
  const Matrix dread = c.from_start.asDiagonal() * product(dout, c.state.transpose());
  Matrix dq = dread + product(dscores_decayed, c.k);
  const Matrix dk_end = c.to_end.asDiagonal() * product(c.written, dstate.transpose());
  Matrix dk = product(dscores_decayed.transpose(), c.q) + dk_end;

  // The running sum of g: rows gain, columns lose.
  const Matrix paired = dscores.cwiseProduct(attention);
  Column ddecay = dread.cwiseProduct(c.q).rowwise().sum() + paired.rowwise().sum() -
                  paired.colwise().sum().transpose();
  const Column ends = dk_end.cwiseProduct(c.k).rowwise().sum();
  ddecay -= ends;
  ddecay(c.tokens - 1) += ends.sum() + whole * c.state.cwiseProduct(operand(dstate)).sum();

  // vn = inverse (values - keys S)
  const Matrix dreads = -product(dwritten, c.state.transpose());
  const Matrix dvalues = product(c.inverse.transpose(), dwritten);
  const Matrix dkeys = product(c.inverse.transpose(), dreads);
  const Matrix dinverse = product(dwritten, values.transpose()) + product(dreads, keys.transpose());
  Matrix dupdate = -product(c.inverse.transpose(), product(dinverse, c.inverse.transpose()));
  dupdate = dupdate.triangularView<Eigen::StrictlyLower>().toDenseMatrix().eval();
  const Column along = dkeys.cwiseProduct(c.k).rowwise().sum().array() * c.decay.array().exp();
  Column dbeta = dvalues.cwiseProduct(c.v).rowwise().sum() + along;
  ddecay += c.beta.cwiseProduct(along);
  dk += (c.beta.array() * c.decay.array().exp()).matrix().asDiagonal() * dkeys;

  // update = beta_i exp(decay_i - decay_j) k_i k_j
  Matrix without_beta = Matrix::Zero(c.tokens, c.tokens), pairs = without_beta;
  for (std::int64_t i = 0; i < c.tokens; ++i)
    for (std::int64_t j = 0; j < i; ++j) {
      const float share = std::exp(c.decay(i) - c.decay(j));
      pairs(i, j) = dupdate(i, j) * c.beta(i) * share;
      without_beta(i, j) = dupdate(i, j) * share;
    }
  const Matrix kk = product(c.k, c.k.transpose());
  dk += product(pairs, c.k) + product(pairs.transpose(), c.k);
  dbeta += without_beta.cwiseProduct(kk).rowwise().sum();
  const Matrix paired_update = dupdate.cwiseProduct(c.update);
  ddecay += paired_update.rowwise().sum() - paired_update.colwise().sum().transpose();

  dstate = whole * dstate + product((c.from_start.asDiagonal() * c.q).transpose(), dout) -
           product(reads.transpose(), dwritten);

  if (normalize_) {
    const auto through_norm = [&](TensorName name, Matrix& gradient) {
      const Matrix x = rows(name, key_head(head), key_heads_, c.first, c.first + c.tokens);
      const Column r = inverse_norms(x);
      const Matrix y = r.asDiagonal() * x;
      const Column along_y = gradient.cwiseProduct(y).rowwise().sum();
      gradient = r.asDiagonal() * (gradient - along_y.asDiagonal() * y);
    };
    through_norm("q", dq);
    through_norm("k", dk);
  }
  float later = 0;  // g enters the sums of all tokens behind it
  for (std::int64_t i = c.tokens; i-- > 0;) {
    const std::int64_t row = (c.first + i) * value_heads_ + head;
    later += ddecay(i);
    put("dg", row, later);
    put("dbeta", row, dbeta(i));
    for (std::int64_t d = 0; d < value_dim_; ++d)
      put("dv", row * value_dim_ + d, c.beta(i) * dvalues(i, d));
    for (std::int64_t d = 0; d < key_dim_; ++d) {
      const auto at = index(((c.first + i) * key_heads_ + key_head(head)) * key_dim_ + d);
      dq_sums.values[at] += dq(i, d);
      dk_sums.values[at] += dk(i, d);
    }
  }
}

}  // namespace packproof::reference::plain
