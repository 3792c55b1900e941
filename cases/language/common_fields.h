// The keys of a descriptor that mean the same for every op, as text for people.
#pragma once

#include <span>
#include <string_view>

namespace packproof {

struct CommonField {
  std::string_view key;
  std::string_view values;    // "zero|nan|inf|huge"
  std::string_view fallback;  // when the descriptor does not give it; "" where there is none
  std::string_view help;
};

// One for each of CaseDraft::common_keys, in that order.
std::span<const CommonField> common_fields();

}  // namespace packproof
