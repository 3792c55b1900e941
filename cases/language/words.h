// The words of reports, messages and this code that a reader cannot guess, each with its one
// meaning. vocabulary.md is written from these and from the contracts.
#pragma once

#include <span>
#include <string_view>

namespace packproof {

struct Word {
  std::string_view word;
  std::string_view meaning;
};

// Of reports and messages: packproof list words.
std::span<const Word> words();
// Of the code alone.
std::span<const Word> words_of_the_code();

}  // namespace packproof
