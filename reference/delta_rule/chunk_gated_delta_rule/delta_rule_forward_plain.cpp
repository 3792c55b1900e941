#include "reference/delta_rule/chunk_gated_delta_rule/delta_rule_plain.h"

#include <algorithm>

namespace packproof::reference::plain {

Matrix PlainDeltaRule::operand(const Matrix& m) const {
  switch (dtype_) {
    case DType::bf16:
      return m.cast<Eigen::bfloat16>().cast<float>();
    case DType::fp16:
      return m.cast<Eigen::half>().cast<float>();
    default:
      return m;
  }
}

void PlainDeltaRule::forward() const {
  clear_outputs();
  for_each_head([&](std::int64_t s, std::int64_t head, std::int64_t first, std::int64_t last) {
    Matrix state = state_of("initial_state", s, head);
    for (std::int64_t t = first; t < last; t += kChunk) {
      const Chunk c = chunk(head, t, std::min(t + kChunk, last), state);
      const Matrix attention = product(c.q, c.k.transpose()).cwiseProduct(c.between);
      const Matrix o =
          c.from_start.asDiagonal() * product(c.q, state) + product(attention, c.written);
      for (std::int64_t i = 0; i < c.tokens; ++i)
        for (std::int64_t d = 0; d < value_dim_; ++d)
          put("o", ((c.first + i) * value_heads_ + head) * value_dim_ + d, o(i, d));
      advance(c, state);
    }
    put_state("final_state", s, head, state);
  });
}

Matrix PlainDeltaRule::state_of(TensorName name, std::int64_t s, std::int64_t head) const {
  Matrix state = Matrix::Zero(key_dim_, value_dim_);
  if (!call_.has_input(name)) return state;
  for (std::int64_t i = 0; i < state.size(); ++i)
    state.data()[i] = read(call_.input(name), (s * value_heads_ + head) * state.size() + i);
  return state;
}
void PlainDeltaRule::put_state(TensorName name, std::int64_t s, std::int64_t head,
                               const Matrix& state) const {
  for (std::int64_t i = 0; i < state.size(); ++i)
    put(name, (s * value_heads_ + head) * state.size() + i, state.data()[i]);
}

Matrix PlainDeltaRule::rows(TensorName name, std::int64_t head, std::int64_t heads,
                            std::int64_t first, std::int64_t last) const {
  const Tensor& tensor = call_.input(name);
  const std::int64_t dim = tensor.size(2);
  Matrix m(last - first, dim);
  for (std::int64_t t = first; t < last; ++t)
    for (std::int64_t d = 0; d < dim; ++d)
      m(t - first, d) = read(tensor, (t * heads + head) * dim + d);
  return m;
}

Chunk PlainDeltaRule::chunk(std::int64_t head, std::int64_t first, std::int64_t last,
                            const Matrix& state) const {
  Chunk c{.first = first, .tokens = last - first};
  c.q = rows("q", key_head(head), key_heads_, first, last);
  c.k = rows("k", key_head(head), key_heads_, first, last);
  c.v = rows("v", head, value_heads_, first, last);
  if (normalize_) {
    c.q = operand(inverse_norms(c.q).asDiagonal() * c.q);
    c.k = operand(inverse_norms(c.k).asDiagonal() * c.k);
  }
  c.beta.resize(c.tokens);
  c.decay.resize(c.tokens);
  for (std::int64_t i = 0; i < c.tokens; ++i) {
    c.beta(i) = read(call_.input("beta"), (first + i) * value_heads_ + head);
    c.decay(i) = read(call_.input("g"), (first + i) * value_heads_ + head);
    if (i > 0) c.decay(i) += c.decay(i - 1);
  }
  c.from_start = scale_ * c.decay.array().exp();
  c.to_end = (c.decay(c.tokens - 1) - c.decay.array()).exp();
  c.between = Matrix::Zero(c.tokens, c.tokens);
  for (std::int64_t i = 0; i < c.tokens; ++i)
    for (std::int64_t j = 0; j <= i; ++j)
      c.between(i, j) = scale_ * std::exp(c.decay(i) - c.decay(j));
  c.state = operand(state);  // as it is kept for the backward pass

  c.update = Matrix::Zero(c.tokens, c.tokens);
  const Matrix kk = product(c.k, c.k.transpose());
  for (std::int64_t i = 0; i < c.tokens; ++i)
    for (std::int64_t j = 0; j < i; ++j)
      c.update(i, j) = c.beta(i) * std::exp(c.decay(i) - c.decay(j)) * kk(i, j);
  c.inverse = Matrix::Identity(c.tokens, c.tokens);
  for (std::int64_t i = 1; i < c.tokens; ++i)
    c.inverse.row(i).head(i) = -c.update.row(i).head(i) * c.inverse.topLeftCorner(i, i);
  // What a chunk writes without a state is kept in the dtype, as between two kernels.
  c.written = operand(product(c.inverse, c.beta.asDiagonal() * c.v)) -
              product(product(c.inverse, decayed_keys(c)), state);
  return c;
}

}  // namespace packproof::reference::plain
