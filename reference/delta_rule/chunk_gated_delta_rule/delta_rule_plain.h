// The chunked form behind the plain baseline: what its two directions share.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "cases/core/call.h"

namespace packproof::reference::plain {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Column = Eigen::VectorXf;

inline constexpr std::int64_t kChunk = 64;
inline constexpr float kNormEpsilon = 1e-6f;

// What a chunk of one value head works on, and what it made of it.
struct Chunk {
  std::int64_t first, tokens;              // rows of the packed layout
  Matrix q, k, v;                          // [tokens, dim]; q scaled
  Column beta, decay, from_start, to_end;  // decay: the running sum of g; the others its exp
  Matrix between;                          // exp(decay_i - decay_j) for j <= i, else 0
  Matrix update, inverse;                  // A, strictly lower, and (1 + A)^-1
  Matrix written, state;                   // v_new; the state before the chunk
};

class PlainDeltaRule {
 public:
  explicit PlainDeltaRule(const Call& call)
      : call_(call),
        dtype_(call.input("q").dtype),
        key_heads_(call.input("k").size(1)),
        value_heads_(call.input("v").size(1)),
        key_dim_(call.input("k").size(2)),
        value_dim_(call.input("v").size(2)),
        scale_(1.0f / std::sqrt(static_cast<float>(key_dim_))),
        normalize_(call.the_case->is("l2norm", "inside")) {}

  void forward() const;
  void backward() const;

 private:
  // fp32 sums over the value heads of a key head.
  struct Sums {
    Sums(const Call& call, TensorName output)
        : name(output), values(index(call.output(output).count()), 0.0f) {}
    void give(const PlainDeltaRule& rule) const {
      for (std::size_t i = 0; i < values.size(); ++i)
        rule.put(name, static_cast<std::int64_t>(i), values[i]);
    }
    TensorName name;
    std::vector<float> values;
  };

  static std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }
  float read(const Tensor& tensor, std::int64_t i) const {
    return static_cast<float>(load(tensor, i));
  }
  void put(TensorName name, std::int64_t i, float value) const {
    if (call_.has_output(name)) store(call_.output(name), i, static_cast<double>(value));
  }
  void clear_outputs() const {
    for (const Tensor& output : call_.outputs)
      for (std::int64_t i = 0; i < output.count(); ++i) store(output, i, 0);
  }

  Matrix operand(const Matrix& m) const;  // a rounding point
  Matrix product(const Matrix& a, const Matrix& b) const { return operand(a) * operand(b); }

  template <class Visit>
  void for_each_head(Visit visit) const {
    const auto cu_seqlens = call_.input("cu_seqlens").elements<const std::int32_t>();
    for (std::size_t s = 0; s + 1 < cu_seqlens.size(); ++s)
      for (std::int64_t head = 0; head < value_heads_; ++head)
        visit(static_cast<std::int64_t>(s), head, std::int64_t{cu_seqlens[s]},
              std::int64_t{cu_seqlens[s + 1]});
  }

  std::int64_t key_head(std::int64_t head) const { return head / (value_heads_ / key_heads_); }

  Matrix state_of(TensorName name, std::int64_t s, std::int64_t head) const;
  void put_state(TensorName name, std::int64_t s, std::int64_t head, const Matrix& state) const;
  Matrix rows(TensorName name, std::int64_t head, std::int64_t heads, std::int64_t first,
              std::int64_t last) const;
  Column inverse_norms(const Matrix& m) const {
    return (m.rowwise().squaredNorm().array() + kNormEpsilon).rsqrt();
  }

  Chunk chunk(std::int64_t head, std::int64_t first, std::int64_t last, const Matrix& state) const;
  // beta exp(decay) k
  static Matrix decayed_keys(const Chunk& c) {
    return (c.beta.array() * c.decay.array().exp()).matrix().asDiagonal() * c.k;
  }

  void advance(const Chunk& c, Matrix& state) const {
    state = std::exp(c.decay(c.tokens - 1)) * state +
            product(c.k.transpose(), c.to_end.asDiagonal() * c.written);
  }

  void chunk_backward(const Chunk& c, std::int64_t head, Matrix& dstate, Sums& dq_sums,
                      Sums& dk_sums) const;

  const Call& call_;
  const DType dtype_;
  const std::int64_t key_heads_, value_heads_, key_dim_, value_dim_;
  const float scale_;
  const bool normalize_;
};

}  // namespace packproof::reference::plain
