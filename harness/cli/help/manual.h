// The manual page.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/cli/help/command_shape.h"

namespace packproof::harness {

// In the language of man(7), with every command and option.
std::string manual_page(std::span<const CommandShape> commands, std::string_view version);

}  // namespace packproof::harness
