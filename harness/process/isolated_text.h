// How an ending travels between processes: as one line of text.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "harness/process/child_process.h"
#include "harness/process/isolated_run.h"

namespace packproof::harness {

// Does it, and says in a line how it ended, or that the harness failed.
std::string done_as_line(const std::function<nlohmann::json()>& work);

std::string line_of(const IsolatedJson& ending);

// Of a child that ended, or was ended, before it had said anything.
IsolatedJson ending_of(const ChildResult& child);

// Whether the line is whole.
bool is_whole(std::string_view line);
// Of a whole line. Throws the HarnessFailure that it tells of.
IsolatedJson ending_from(std::string_view line);

}  // namespace packproof::harness
