// fused_recurrent_gated_delta_rule in low precision, the obvious way: limits are measured from it.
// Rounding points: everything is fp32 and rounds at each operation, token by token in the order of
// the definition, q scaled before it reads; each element of o is rounded once to its dtype, the
// state stays fp32. With l2norm inside, q and k stay fp32 behind it.
#include <cmath>
#include <cstdint>
#include <cstring>

#include <Eigen/Core>

#include "reference/core/plain_floats.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

using FloatMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using FloatVector = Eigen::VectorXf;

constexpr float kNormEpsilon = 1e-6f;

class PlainRecurrence {
 public:
  explicit PlainRecurrence(const Call& call)
      : q_(floats_of(call.input("q"))),
        k_(floats_of(call.input("k"))),
        v_(floats_of(call.input("v"))),
        g_(floats_of(call.input("g"))),
        beta_(floats_of(call.input("beta"))),
        key_heads_(call.input("k").size(1)),
        value_heads_(call.input("v").size(1)),
        key_dim_(call.input("k").size(2)),
        value_dim_(call.input("v").size(2)),
        scale_(1.0f / std::sqrt(static_cast<float>(key_dim_))),
        normalize_(call.the_case->is("l2norm", "inside")),
        o_(call.output("o")),
        state_(call.output("updated_state")) {}

  // One head of the state in a slot moves on by the tokens of a segment.
  void run(std::int64_t slot, std::int64_t head, std::int64_t first, std::int64_t last) const {
    float* const place = state_.as<float>() + (slot * value_heads_ + head) * key_dim_ * value_dim_;
    Eigen::Map<FloatMatrix> state(place, key_dim_, value_dim_);
    for (std::int64_t token = first; token < last; ++token) {
      const std::int64_t row = token * value_heads_ + head;
      const std::int64_t key_row = token * key_heads_ + head / (value_heads_ / key_heads_);
      const FloatVector q = scale_ * key(q_, key_row), k = key(k_, key_row);
      const FloatVector v = row_of(v_, row, value_dim_);
      state *= std::exp(g_[static_cast<std::size_t>(row)]);
      const FloatVector retrieved = state.transpose() * k;
      const FloatVector correction = beta_[static_cast<std::size_t>(row)] * (v - retrieved);
      state += k * correction.transpose();
      const FloatVector o = state.transpose() * q;
      for (std::int64_t d = 0; d < value_dim_; ++d)
        store(o_, row * value_dim_ + d, static_cast<double>(o(d)));
    }
  }

  std::int64_t value_heads() const { return value_heads_; }

 private:
  static FloatVector row_of(const Floats& rows, std::int64_t row, std::int64_t size) {
    return Eigen::Map<const FloatVector>(rows.data() + row * size, size);
  }
  FloatVector key(const Floats& rows, std::int64_t row) const {
    const FloatVector x = row_of(rows, row, key_dim_);
    return normalize_ ? FloatVector(x / std::sqrt(x.squaredNorm() + kNormEpsilon)) : x;
  }

  const Floats q_, k_, v_, g_, beta_;
  const std::int64_t key_heads_, value_heads_, key_dim_, value_dim_;
  const float scale_;
  const bool normalize_;
  const Tensor &o_, &state_;
};

}  // namespace

Returned fused_recurrent_gated_delta_rule_plain(const Call& call) {
  const Tensor& o = call.output("o");
  // No elements may mean no memory, and memset takes no null pointer.
  if (o.bytes() > 0) std::memset(o.data, 0, o.bytes());
  const PlainRecurrence plain(call);
  const auto cu_seqlens = call.input("cu_seqlens").elements<const std::int32_t>();
  for (std::size_t s = 0; s + 1 < cu_seqlens.size(); ++s) {
    const std::int64_t slot = call.has_input("state_indices")
                                  ? call.input("state_indices").elements<const std::int32_t>()[s]
                                  : static_cast<std::int64_t>(s);
    if (slot < 0) continue;
    for (std::int64_t head = 0; head < plain.value_heads(); ++head)
      plain.run(slot, head, cu_seqlens[s], cu_seqlens[s + 1]);
  }
  return all_outputs(call);
}

}  // namespace packproof::reference
