// The words of reports and messages that a reader cannot guess, each with its meaning.
#pragma once

#include <span>
#include <string_view>

namespace packproof::harness {

struct Word {
  std::string_view word;
  std::string_view meaning;
};

std::span<const Word> words();

}  // namespace packproof::harness
