// A case: what to run. Plain data, the same whether it came from a descriptor, a file or a list.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/dtype.h"
#include "cases/core/field_names.h"

namespace packproof {

enum class Direction : std::uint8_t { fwd, bwd };

// What a correct implementation does with the case.
enum class Expect : std::uint8_t { pass, refused };

// What slack rows of floating inputs hold before the run (contract C8).
enum class SlackFill : std::uint8_t { zero, nan, inf, huge };

// How floating inputs are generated.
enum class Fill : std::uint8_t {
  normal,    // bell-shaped, scaled by the tensor's own scale
  integers,  // small integers: sums are exact in any order
  large,     // near the top of the dtype's range
  tiny,      // near the bottom of fp16's normal range
  specials,  // normal, with NaN and both infinities strewn in
};

struct Case {
  std::string op;
  Direction direction = Direction::fwd;
  DType dtype = DType::bf16;

  std::vector<std::int64_t> lengths;  // tokens a segment; zeros are empty segments
  // Total rows of the packed layout, at least the sum of lengths; rows beyond it are slack.
  std::int64_t capacity = 0;
  // The cu_seqlens to pass instead of the one that `lengths` gives. Only contract cases use it, to
  // hand over a broken one; `lengths` is then {capacity}.
  std::optional<std::vector<std::int64_t>> raw_cu_seqlens;

  SlackFill slack = SlackFill::nan;
  Fill fill = Fill::normal;
  std::uint64_t seed = 1;

  std::string contract;  // the contract under test, "C1".."C11", or empty
  Expect expect = Expect::pass;
  std::string source;  // link to the thread that it comes from, or empty

  // The op's own fields by name, always complete: the parser fills in defaults.
  std::map<std::string, std::string, std::less<>> fields;

  std::int64_t segments() const {
    return raw_cu_seqlens ? static_cast<std::int64_t>(raw_cu_seqlens->size()) - 1
                          : static_cast<std::int64_t>(lengths.size());
  }
  std::int64_t valid_tokens() const;  // the sum of lengths
  // [segments + 1]: raw_cu_seqlens when given, else the running sum of lengths.
  std::vector<std::int64_t> cu_seqlens() const;

  const std::string& word(FieldName field) const;  // throws std::logic_error if unknown
  std::int64_t integer(FieldName field) const;     // the same, as a number
  bool is(FieldName field, std::string_view value) const { return word(field) == value; }

  friend bool operator==(const Case&, const Case&) = default;
};

std::string_view name_of(Direction);
std::string_view name_of(Expect);
std::string_view name_of(SlackFill);
std::string_view name_of(Fill);

}  // namespace packproof
