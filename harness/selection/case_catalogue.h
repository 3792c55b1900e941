// All cases of the project: the generated ones of each op, and the case files beside them.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"
#include "cases/files/case_file.h"

namespace packproof::harness {

// The cases of a tier and of the tiers below it, in the order of the op list. Throws
// std::logic_error if two have the same name or one cannot be parsed: the catalogue is our own.
std::vector<Case> catalogue(Tier tier);

// The case files that the program carries (cases/<op>/*.json).
std::vector<CaseFile> carried_case_files();

// Parses one descriptor, or reads a case file when `text` names a .json file. Throws CaseError, and
// reports::ReportError for a file that cannot be read.
Case case_from(const std::string& text);

}  // namespace packproof::harness
