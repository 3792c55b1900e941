#include "cases/language/op_lookup.h"

#include <algorithm>

#include <fmt/format.h>

namespace packproof {

const OpForm& find_op(const OpLookup& ops, std::string_view name, const TextPlace& place) {
  if (const OpForm* form = ops.find(name)) return *form;
  fail_at(place, 0, unknown_name("op", name, ops.names));
}

Direction read_direction(const OpForm& form, std::string_view text, const TextPlace& place) {
  std::vector<std::string> names;
  for (Direction direction : form.directions) {
    if (name_of(direction) == text) return direction;
    names.emplace_back(name_of(direction));
  }
  const bool known = text == name_of(Direction::fwd) || text == name_of(Direction::bwd);
  if (known)
    fail_at(place, 0,
            fmt::format("op '{}' has no direction {}; use {}", form.name, in_quotes(text),
                        names.empty() ? "another op" : names.front()));
  fail_at(place, 0, unknown_name("direction", text, names));
}

}  // namespace packproof
