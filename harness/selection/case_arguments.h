// Cases as a command line names them.
#pragma once

#include <string>
#include <vector>

#include "cases/files/case_file.h"

namespace packproof::harness {

// The cases that one argument names: a descriptor; a case file, or a file of descriptors, a line
// each; a folder, for every *.json in it; or "-", for such a file from standard input. Throws
// CaseError, and reports::ReportError for what cannot be read.
std::vector<CaseFile> cases_named(const std::string& argument);

// The descriptors in a file, a line each, or with "-" in standard input. Throws as above.
std::vector<CaseFile> cases_in_batch(const std::string& path);

}  // namespace packproof::harness
