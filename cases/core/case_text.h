// Small helpers for reading what people type, and for saying what is wrong with it and where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace packproof {

// Where a piece of text stands: a column of a descriptor, or a field of a case file.
struct TextPlace {
  std::string name;        // "" for a descriptor, "FILE: /len" for a case file
  std::size_t column = 1;  // of the text's first byte, from 1; 0 when columns mean nothing here

  // "column 12", "FILE: /len, column 3" or "FILE: /len", for the byte `offset` into the text.
  std::string at(std::size_t offset) const;
};

// Throws CaseError "<place>: <message>".
[[noreturn]] void fail_at(const TextPlace& place, std::size_t offset, std::string_view message);

// In single quotes, with control and non-ASCII bytes escaped and long text cut.
std::string in_quotes(std::string_view text);

// The name nearest to `text` by edit distance (insert, delete, replace, swap of neighbours), or ""
// when none is near enough to be a typo. The first wins a tie.
std::string nearest_name(std::string_view text, std::span<const std::string> names);

// "unknown KIND 'text'; did you mean 'near'? known: near, b, c".
std::string unknown_name(std::string_view kind, std::string_view text,
                         std::span<const std::string> names);

// A whole decimal number, the entire text: digits with at most a leading '-'. Throws CaseError
// naming `what` if it is not one, or lies outside [min, max].
std::int64_t read_integer(std::string_view text, std::int64_t min, std::int64_t max,
                          std::string_view what, const TextPlace& place, std::size_t offset = 0);

// The same for the full range of a seed.
std::uint64_t read_seed(std::string_view text, const TextPlace& place);

}  // namespace packproof
