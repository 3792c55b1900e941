// All commands with their options, as one definition: what is parsed, what help, completion and the
// manual say.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/cli/commands.h"

namespace packproof::harness {

struct CommandLine {
  std::unique_ptr<CLI::App> app;
  std::vector<Command> commands;
};

CommandLine make_command_line();

// Names of the commands that are for people.
std::vector<std::string> command_names(const CLI::App& app);

// Empty if the first argument is a command or an option; else what it may have been meant to be.
std::string unknown_command(const CLI::App& app, int argc, const char* const* argv);

// What is wrong with the arguments, in one line, and where to look. Printable.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace packproof::harness
