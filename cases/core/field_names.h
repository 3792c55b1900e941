// The names of descriptors' fields, in all ops: one name has one meaning, which the forms give in
// their help. A name that is not here does not compile where it is asked of a case.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace packproof {

inline constexpr std::array<std::string_view, 47> kFieldNames = {
    // Sizes and shapes.
    "activation", "batch", "bias", "channels", "chunk", "dim", "features", "form", "heads",
    "hidden", "key_dim", "key_heads", "l2norm", "layout", "margin", "padded_cap", "padding", "pads",
    "ring", "rows", "side", "sp", "spare", "state", "supplied", "value_dim", "value_heads", "width",
    "dy_row_stride", "row_stride", "indices", "cu_dtype", "deal", "images", "lead", "positions",
    "prompt", "start", "restart", "tail",
    // Data.
    "betas", "gates", "keys", "pad_id", "spread", "zeros",
    // Faults.
    "conflict"};

// The name of a field: as a literal, checked when it is compiled, or one that the program was
// given.
class FieldName {
 public:
  template <std::size_t kSize>
  consteval FieldName(const char (&name)[kSize]) : name_(name, kSize - 1) {  // NOLINT: a literal
    if (std::find(kFieldNames.begin(), kFieldNames.end(), name_) == kFieldNames.end())
      throw "no field has this name: see kFieldNames";
  }
  explicit constexpr FieldName(std::string_view given) : name_(given) {}

  constexpr std::string_view text() const { return name_; }

 private:
  std::string_view name_;
};

}  // namespace packproof
