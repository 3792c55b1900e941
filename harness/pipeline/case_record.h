// Fills in the record of one case as its run goes on.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cases/core/op_form.h"
#include "harness/candidates/candidate.h"
#include "harness/process/isolated_result.h"
#include "harness/verdict/judge.h"
#include "reports/records/record.h"

namespace packproof::harness {

class CaseRecord {
 public:
  CaseRecord(const OpForm& form, const Case& the_case, const Candidate& candidate);

  // Notes the time since the last lap, or since construction, under `stage`.
  void lap(const std::string& stage);

  // Each ends the record.
  reports::Record skipped(std::string why);
  reports::Record mistrusted(std::string why);
  reports::Record mismatch(reports::Mismatch what);
  reports::Record ended_early(const IsolatedResult& ran);        // did not return
  reports::Record expecting_refusal(const IsolatedResult& ran);  // passes only by refusing
  reports::Record judged(verdict::Verdict verdict);

 private:
  reports::Record record_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// Contract C2: exactly the asked outputs are returned, in order, on every path.
std::optional<reports::Mismatch> wrong_return(const Returned& returned, const Call& call);

// The command that repeats a case alone.
std::string repro_command(const std::string& descriptor, const Candidate& candidate);

}  // namespace packproof::harness
