// Scripts that complete the command line in a shell.
#pragma once

#include <span>
#include <string>

#include "harness/cli/help/command_shape.h"

namespace packproof::harness {

// Commands, options, values of options that are one of a few, and files.
std::string bash_completion(std::span<const CommandShape> commands);
std::string zsh_completion(std::span<const CommandShape> commands);  // by bash's, in zsh
std::string fish_completion(std::span<const CommandShape> commands);

}  // namespace packproof::harness
