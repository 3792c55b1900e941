// Standard output and error when they are closed, full, or nobody reads them.
#pragma once

#include <string_view>

#include "harness/cli/terminal/exit_code.h"

namespace packproof::harness {

// To be called first in main. A closed pipe and a file-size limit then fail a write and do not end
// the process; and a file that is opened later never takes the place of a closed standard stream.
void prepare_streams();

// Ends the process quietly once nobody reads its output: for commands that only print, such as
// list. Undoes a part of prepare_streams.
void end_when_nobody_reads();

// "packproof: MESSAGE" on standard error; never throws.
void say(std::string_view message);

// Adds to standard output; a failure is not thrown but kept for with_output_printed.
void print_kept(std::string_view text);

// True where something could not be printed on standard output.
bool output_failed();

// Flushes standard output. Where not all of it could be printed, says so and, since a pass that
// nobody saw is none, gives ExitCode::infrastructure instead of any code but a mismatch, a slowdown
// and a signal.
ExitCode with_output_printed(ExitCode code);

}  // namespace packproof::harness
