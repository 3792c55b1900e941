// Text in lines that a terminal shows whole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace packproof::reports {

// `text` broken at blanks into lines of at most `columns` bytes, each behind `indent` blanks and
// ended by a newline. A longer word has a line of its own.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns = 100);

}  // namespace packproof::reports
