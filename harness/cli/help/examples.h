// Command lines that do something useful, for --help and the manual.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace packproof::harness {

struct Example {
  std::string_view command;  // that it is shown for; "" for the program as a whole
  std::string_view line;     // as typed into a shell, behind "packproof "
  std::string_view what;
};

std::span<const Example> all_examples();

// "Examples:" and a line each; empty if the command has none.
std::string examples_text(std::string_view command);

}  // namespace packproof::harness
