// causal_conv1d_update in low precision, the obvious way: limits are measured from it. Rounding
// points: everything is fp32 and rounds at each operation, terms are added in the order of the
// definition (bias, then taps from the oldest), and each output element is rounded once to its
// dtype. The state moves bit by bit.
#include <cmath>
#include <cstring>

#include "reference/core/plain_floats.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// One element of the history that a segment's window slides over.
struct Source {
  const Tensor* tensor;
  std::int64_t at;
};

class PlainUpdate {
 public:
  explicit PlainUpdate(const Call& call)
      : x_(call.input("x")),
        state_(call.input("conv_state")),
        weight_(floats_of(call.input("weight"))),
        bias_(call.has_input("bias") ? floats_of(call.input("bias")) : Floats{}),
        channels_(call.input("weight").size(0)),
        width_(call.input("weight").size(1)),
        state_len_(state_.size(2)),
        silu_(!call.the_case->is("activation", "none")) {}

  // The `position`-th column of state and rows, one after the other.
  Source source(std::int64_t slot, std::int64_t start, std::int64_t c,
                std::int64_t position) const {
    if (position < state_len_) return {&state_, (slot * channels_ + c) * state_len_ + position};
    return {&x_, (start + position - state_len_) * channels_ + c};
  }

  float result(std::int64_t slot, std::int64_t start, std::int64_t c, std::int64_t t) const {
    float u = bias_.empty() ? 0.0f : bias_[static_cast<std::size_t>(c)];
    for (std::int64_t j = 0; j < width_; ++j) {
      const Source from = source(slot, start, c, state_len_ + t - (width_ - 1) + j);
      u += weight_[static_cast<std::size_t>(c * width_ + j)] *
           static_cast<float>(load(*from.tensor, from.at));
    }
    return silu_ ? u / (1.0f + std::exp(-u)) : u;
  }

  void update(const Call& call, std::int64_t slot, std::int64_t start, std::int64_t length) const {
    const Tensor& y = call.output("y");
    const Tensor& updated = call.output("updated_state");
    const std::size_t bytes = size_of(updated.dtype);
    for (std::int64_t c = 0; c < channels_; ++c) {
      for (std::int64_t t = 0; t < length; ++t)
        store(y, (start + t) * channels_ + c, static_cast<double>(result(slot, start, c, t)));
      for (std::int64_t k = 0; k < state_len_; ++k) {
        const Source from = source(slot, start, c, length + k);
        const std::int64_t to = (slot * channels_ + c) * state_len_ + k;
        std::memcpy(updated.as<std::byte>() + static_cast<std::size_t>(to) * bytes,
                    from.tensor->as<const std::byte>() + static_cast<std::size_t>(from.at) * bytes,
                    bytes);
      }
    }
  }

 private:
  const Tensor &x_, &state_;
  const Floats weight_, bias_;
  const std::int64_t channels_, width_, state_len_;
  const bool silu_;
};

}  // namespace

Returned causal_conv1d_update_plain(const Call& call) {
  const Tensor& y = call.output("y");
  // No elements may mean no memory, and memset takes no null pointer.
  if (y.bytes() > 0) std::memset(y.data, 0, y.bytes());
  const PlainUpdate plain(call);
  const auto cu_seqlens = call.input("cu_seqlens").elements<const std::int32_t>();
  for (std::size_t s = 0; s + 1 < cu_seqlens.size(); ++s) {
    const std::int64_t slot =
        call.has_input("conv_state_indices")
            ? call.input("conv_state_indices").elements<const std::int32_t>()[s]
            : static_cast<std::int64_t>(s);
    if (slot >= 0) plain.update(call, slot, cu_seqlens[s], cu_seqlens[s + 1] - cu_seqlens[s]);
  }
  return all_outputs(call);
}

}  // namespace packproof::reference
