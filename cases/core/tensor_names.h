// The names of tensors, in all ops: one name has one meaning. A name that is not here does not
// compile where it is asked of a call.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace packproof {

inline constexpr std::array<std::string_view, 56> kTensorNames = {
    // Layouts of packed rows.
    "cu_seqlens", "cu_seqlens_padded", "cu_seq_lens_q", "delta_rule_cu_seqlens", "max_seqlen",
    "num_segments", "position_ids", "position_ids_padded", "sequence_index", "chunk_indices",
    "chunk_offsets", "num_chunks", "mask", "valid_tokens", "flag",
    // Rows: packed, padded, and of tokens' ids and labels.
    "x", "x_padded", "y", "packed", "padded", "input_ids", "input_ids_padded", "labels",
    "labels_padded", "shifted", "weights", "weights_padded",
    // Convolutions, norms and gates.
    "weight", "bias", "z", "a", "b", "A_log", "dt_bias",
    // States: before, after, in place, and where they lie.
    "initial_state", "final_state", "state", "updated_state", "state_indices", "conv_state",
    "conv_state_indices",
    // The delta rule.
    "q", "k", "v", "g", "beta", "o",
    // Layers.
    "hidden", "qkv_weight", "z_weight", "a_weight", "b_weight", "conv_weight", "norm_weight",
    "out_weight",
    // Toy ops of tests.
    "t"};

// A gradient is "d" and the name of what it is the gradient of.
constexpr bool is_tensor_name(std::string_view name) {
  const auto is_listed = [](std::string_view one) {
    return std::find(kTensorNames.begin(), kTensorNames.end(), one) != kTensorNames.end();
  };
  return is_listed(name) || (name.starts_with('d') && is_listed(name.substr(1)));
}

// The name of a tensor: as a literal, checked when it is compiled, or one that the program was
// given.
class TensorName {
 public:
  template <std::size_t kSize>
  consteval TensorName(const char (&name)[kSize]) : name_(name, kSize - 1) {  // NOLINT: a literal
    if (!is_tensor_name(name_)) throw "no tensor has this name: see kTensorNames";
  }
  explicit constexpr TensorName(std::string_view given) : name_(given) {}

  constexpr std::string_view text() const { return name_; }
  friend constexpr bool operator==(TensorName, TensorName) = default;

 private:
  std::string_view name_;
};

}  // namespace packproof
