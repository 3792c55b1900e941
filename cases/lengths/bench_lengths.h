// Segment lengths that benchmarks take, each as the value of a descriptor's `len`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace packproof {

struct NamedLengths {
  std::string name;  // "gsm8k"
  std::string text;  // "gsm8k@32768"
};

// Rows of about `tokens` tokens as training has them: one giant, four equal, a long tail, and packs
// of real lengths (without those of which no segment fits).
std::vector<NamedLengths> training_lengths(std::int64_t tokens);

// One new token for each of 1, 64 and 256 sequences.
std::vector<NamedLengths> decode_lengths();

// `segments` equal parts of `tokens`, the last ones a token shorter where they do not divide.
std::string equal_lengths(std::int64_t tokens, std::int64_t segments);

// One cell of a break-even map.
struct BreakEvenCell {
  double padding_share;  // of the tokens of [segments, longest]
  double longest_share;  // of the segments, those as long as the longest; the others are equal
  std::string lengths;
};

// Cells of `segments` segments with `tokens` tokens in all; shares that exclude each other have
// none.
std::vector<BreakEvenCell> break_even_cells(std::int64_t tokens, std::int64_t segments);

}  // namespace packproof
