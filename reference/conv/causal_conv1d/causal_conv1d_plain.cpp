// causal_conv1d in low precision, the obvious way: limits are measured from it. Rounding points:
// everything is fp32 and rounds at each operation, terms are added in the order of the definition
// (bias, then taps from the oldest; sums over tokens from the first to the last), and each output
// element is rounded once to its dtype. The final state is copied.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// Where the row `position` of a segment lies; negative ones are before its start.
struct Row {
  enum class In : std::uint8_t { x, state, nowhere } in;
  std::int64_t at;  // row of x, or place in the state
};

class PlainConv {
 public:
  explicit PlainConv(const Call& call)
      : call_(call),
        width_(call.input("weight").size(1)),
        channels_(call.input("weight").size(0)),
        silu_(!call.the_case->is("activation", "none")),
        has_bias_(call.has_input("bias")),
        has_state_(call.has_input("initial_state")),
        weight_(floats("weight")),
        bias_(has_bias_ ? floats("bias") : std::vector<float>(size(channels_))),
        x_(floats("x")),
        state_(has_state_ ? floats("initial_state") : std::vector<float>{}) {}

  void forward() const {
    const Tensor& y = call_.output("y");
    clear(y);
    for_each_segment([&](std::int64_t, std::int64_t start, std::int64_t length) {
      for (std::int64_t t = 0; t < length; ++t)
        for (std::int64_t c = 0; c < channels_; ++c) {
          const float u = preactivation(start, t, c);
          const float result = silu_ ? u / (1.0f + std::exp(-u)) : u;
          store(y, (start + t) * channels_ + c, static_cast<double>(result));
        }
    });
    if (call_.has_output("final_state")) copy_final_state();
  }

  void backward() const {
    const std::vector<float> dy = floats("dy");
    std::vector<float> dx(x_.size()), dweight(weight_.size()), dbias(size(channels_));
    std::vector<float> dstate(size(segments() * channels_ * (width_ - 1)));
    const std::int64_t history = width_ - 1;
    for_each_segment([&](std::int64_t s, std::int64_t start, std::int64_t length) {
      const auto gradient_of = [&](std::int64_t position, std::int64_t c) -> float& {
        return position >= 0 ? dx[size((start + position) * channels_ + c)]
                             : dstate[size((s * channels_ + c) * history + history + position)];
      };
      for (std::int64_t t = 0; t < length; ++t)
        for (std::int64_t c = 0; c < channels_; ++c) {
          const float g = dy[size((start + t) * channels_ + c)] * slope(preactivation(start, t, c));
          dbias[size(c)] += g;
          for (std::int64_t j = 0; j < width_; ++j) {
            const std::int64_t position = t - history + j;
            dweight[size(c * width_ + j)] += g * row_value(row(start, position), c);
            gradient_of(position, c) += g * weight_[size(c * width_ + j)];
          }
        }
      if (!call_.has_input("dfinal_state")) return;
      for (std::int64_t c = 0; c < channels_; ++c)
        for (std::int64_t k = 0; k < history; ++k)
          gradient_of(length - history + k, c) += static_cast<float>(
              load(call_.input("dfinal_state"), (s * channels_ + c) * history + k));
    });
    give("dx", dx);
    give("dweight", dweight);
    give("dbias", dbias);
    give("dinitial_state", dstate);
  }

 private:
  static std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

  std::vector<float> floats(TensorName name) const {
    const Tensor& tensor = call_.input(name);
    std::vector<float> values(size(tensor.count()));
    for (std::int64_t i = 0; i < tensor.count(); ++i)
      values[size(i)] = static_cast<float>(load(tensor, i));
    return values;
  }

  static void clear(const Tensor& tensor) {
    // No elements may mean no memory, and memset takes no null pointer.
    if (tensor.bytes() > 0) std::memset(tensor.data, 0, tensor.bytes());
  }

  void give(TensorName name, const std::vector<float>& values) const {
    if (!call_.has_output(name)) return;
    const Tensor& tensor = call_.output(name);
    for (std::int64_t i = 0; i < tensor.count(); ++i)
      store(tensor, i, static_cast<double>(values[size(i)]));
  }

  std::int64_t segments() const { return call_.input("cu_seqlens").count() - 1; }

  template <class Visit>
  void for_each_segment(Visit visit) const {
    const auto cu_seqlens = call_.input("cu_seqlens").elements<const std::int32_t>();
    for (std::int64_t s = 0; s < segments(); ++s) {
      segment_ = s;
      visit(s, cu_seqlens[size(s)], cu_seqlens[size(s + 1)] - cu_seqlens[size(s)]);
    }
  }

  Row row(std::int64_t start, std::int64_t position) const {
    if (position >= 0) return {Row::In::x, start + position};
    if (has_state_) return {Row::In::state, width_ - 1 + position};
    return {Row::In::nowhere, 0};
  }

  std::int64_t state_index(std::int64_t c, std::int64_t place) const {
    return (segment_ * channels_ + c) * (width_ - 1) + place;
  }

  float row_value(const Row& row, std::int64_t c) const {
    switch (row.in) {
      case Row::In::x:
        return x_[size(row.at * channels_ + c)];
      case Row::In::state:
        return state_[size(state_index(c, row.at))];
      case Row::In::nowhere:
        break;
    }
    return 0.0f;
  }

  float preactivation(std::int64_t start, std::int64_t t, std::int64_t c) const {
    float u = bias_[size(c)];
    for (std::int64_t j = 0; j < width_; ++j)
      u += weight_[size(c * width_ + j)] * row_value(row(start, t - (width_ - 1) + j), c);
    return u;
  }

  float slope(float u) const {
    if (!silu_) return 1.0f;
    const float s = 1.0f / (1.0f + std::exp(-u));
    return s * (1.0f + u * (1.0f - s));
  }

  void copy_final_state() const {
    const Tensor& state = call_.output("final_state");
    const std::size_t bytes = size_of(state.dtype);
    clear(state);
    for_each_segment([&](std::int64_t, std::int64_t start, std::int64_t length) {
      for (std::int64_t c = 0; c < channels_; ++c)
        for (std::int64_t k = 0; k < width_ - 1; ++k) {
          const Row from = row(start, length - (width_ - 1) + k);
          if (from.in == Row::In::nowhere) continue;
          const bool in_x = from.in == Row::In::x;
          const Tensor& source = call_.input(in_x ? TensorName("x") : "initial_state");
          const std::int64_t at = in_x ? from.at * channels_ + c : state_index(c, from.at);
          std::memcpy(state.as<std::byte>() + size(state_index(c, k)) * bytes,
                      source.as<const std::byte>() + size(source.place(at)) * bytes, bytes);
        }
    });
  }

  const Call& call_;
  const std::int64_t width_, channels_;
  const bool silu_, has_bias_, has_state_;
  const std::vector<float> weight_, bias_, x_, state_;
  mutable std::int64_t segment_ = 0;
};

}  // namespace

Returned causal_conv1d_plain(const Call& call) {
  const PlainConv plain(call);
  if (call.the_case->direction == Direction::fwd)
    plain.forward();
  else
    plain.backward();
  return all_outputs(call);
}

}  // namespace packproof::reference
