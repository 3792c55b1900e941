// Commands and options as plain data, from the definitions that are parsed: what completion scripts
// and the manual are made from.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace packproof::harness {

struct OptionShape {
  std::vector<std::string> names;  // "--json", "-q"; or the one name of an argument
  std::string help;
  std::string type;                  // of its value, "FILE"; empty for a flag
  std::vector<std::string> choices;  // that the value is one of; empty if it is free
  bool is_path = false;              // the value is a file or a folder
  bool repeats = false;
};

struct CommandShape {
  std::string name, help, footer;
  std::vector<OptionShape> options, arguments;
};

// The commands that are for people, in order; first the program itself, without a name.
std::vector<CommandShape> command_shapes(const CLI::App& app);

}  // namespace packproof::harness
