// The telling line of what a dying process wrote.
#pragma once

#include <string>
#include <string_view>

namespace packproof::harness {

// "SIGABRT (Aborted): simt: deadlock in block ...": `how` it ended and the line of `output` that
// says most: the executor's or a sanitizer's report if there is one, else the last line.
std::string crash_message(std::string_view how, std::string_view output);

}  // namespace packproof::harness
