// --save-failing: a case file for each failing case.
#pragma once

#include <optional>
#include <string>

#include "cases/core/case.h"
#include "reports/html/html_data.h"
#include "reports/records/record.h"

namespace packproof::harness {

class FailingCases {
 public:
  // Makes the folder if it is not there. An empty path saves nothing. Throws CaseError.
  explicit FailingCases(std::string folder);

  // Writes <op>-<direction>-<hash of the descriptor>.json, whole or not at all. Where it cannot,
  // the run goes on.
  void save(const Case& the_case, const reports::Record& record);

  // True if every file was written; else says how many were not.
  bool all_saved() const;

 private:
  std::string folder_;
  int lost_ = 0;
};

// The file name of a case, the same for the same descriptor.
std::string case_file_name(const Case& the_case);

// The case file of a record, for a report; nothing when its descriptor is of an op or a field that
// this program does not have.
std::optional<reports::Download> case_file_of(const reports::Record& record);

}  // namespace packproof::harness
