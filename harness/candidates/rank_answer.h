// What a group of rank processes answers to the process that started it: a file.
#pragma once

#include <string>
#include <vector>

#include "cases/core/call.h"

namespace packproof::harness {

// Writes what was returned, and the bytes of all outputs in order. Throws std::system_error.
void write_returned(const std::string& path, const Returned& returned,
                    const std::vector<std::vector<std::byte>>& outputs);

// Writes that the candidate refused, and why.
void write_refused(const std::string& path, const std::string& why);

// Copies the outputs of an answer into the call's. Throws the Refusal that it holds, and
// HarnessFailure if it is not whole.
Returned read_answer(const std::string& path, const Call& call);

}  // namespace packproof::harness
