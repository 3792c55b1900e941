// A call with inputs of its own, for seeded bugs that hand something else to the healthy code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "cases/core/call.h"

namespace packproof::cases {

// position_ids as [components, rows, row_tokens], whatever the form.
struct PositionIds {
  std::int64_t components;
  std::int64_t rows;
  std::int64_t row_tokens;
  std::vector<std::int64_t> values;

  explicit PositionIds(const Call& call);

  std::int64_t tokens() const { return rows * row_tokens; }
  std::int64_t& at(std::int64_t component, std::int64_t token) {
    return values[static_cast<std::size_t>(component * tokens() + token)];
  }
  bool begins_row(std::int64_t token) const { return token % row_tokens == 0; }
  // All components at once, as text has them.
  void set_text(std::int64_t token, std::int64_t position) {
    for (std::int64_t k = 0; k < components; ++k) at(k, token) = position;
  }
};

class ChangedCall {
 public:
  explicit ChangedCall(const Call& call) : call_(call) {}

  const Call& call() const { return call_; }
  void drop_input(std::string_view name);
  void set_position_ids(const PositionIds& ids);
  void set_cu_seq_lens_q(std::vector<std::int32_t> boundaries);
  // Lets the callee see only the first `count` elements of an output.
  void shorten_output(std::string_view name, std::int64_t count);

 private:
  Call call_;
  std::deque<std::vector<std::int64_t>> longs_;
  std::deque<std::vector<std::int32_t>> ints_;
};

}  // namespace packproof::cases
