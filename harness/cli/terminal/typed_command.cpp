#include "harness/cli/terminal/typed_command.h"

namespace packproof::harness {
namespace {

std::string the_command;

}  // namespace

const std::string& typed_command() { return the_command; }

void note_typed_command(int argc, const char* const* argv) {
  the_command = "packproof";
  for (int i = 1; i < argc; ++i) the_command += std::string(" ") + argv[i];
}

}  // namespace packproof::harness
