// The command line as it was typed, for reports.
#pragma once

#include <string>

namespace packproof::harness {

// "packproof gate --tier quick"; empty before note_typed_command.
const std::string& typed_command();

// argv[0] is the program, whatever its name is.
void note_typed_command(int argc, const char* const* argv);

}  // namespace packproof::harness
