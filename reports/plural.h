// "1 case", "2 cases".
#pragma once

#include <string>
#include <string_view>

#include <fmt/core.h>

namespace packproof::reports {

// The count and the noun, with an s where it is due.
template <class Count>
std::string counted(Count count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace packproof::reports
