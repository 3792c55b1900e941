// Judges many cases, several at a time, each in a process of its own; where the candidate's process
// is dear, it runs one case after another in as many processes as run at a time.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cases/core/case.h"
#include "harness/candidates/candidate.h"
#include "harness/pipeline/pipeline.h"
#include "reports/records/record.h"

namespace packproof::harness {

struct PoolOptions {
  int jobs = 1;           // cases at a time
  int most_failures = 0;  // start no case after so many; 0: start all
  // Asked a few times a second. Once true, no case is started and those that run are ended, without
  // a record. May be empty.
  std::function<bool()> interrupted = {};
  JudgeOptions judge;
  std::optional<bool> shares_process = {};  // instead of what the executor says: for tests
};

struct PoolResult {
  // "descriptor: why" where a process of ours died or threw: not the candidate's fault.
  std::vector<std::string> harness_failures;
  // Why processes of the candidate's that ran many cases did not end well behind the last: what a
  // tool found in any of theirs.
  std::vector<std::string> ended_badly;
  std::size_t not_started = 0;  // because of most_failures or an interrupt
};

// A failure for --fail-fast and for exit codes: the candidate did wrong.
bool is_failure(const reports::Record& record);

// The record stands in for one that our own process failed to make.
bool is_harness_failure(const reports::Record& record);

// Who wants to know how the run goes on; each may be empty. Indices are places in `cases`.
struct PoolEvents {
  std::function<void(std::size_t index)> started;
  // As soon as the record is there: in order of completion.
  std::function<void(std::size_t index, reports::Record record)> finished;
  std::function<void()> tick;  // a few times a second
};

PoolResult run_cases(std::span<const Case> cases, const Candidate& candidate,
                     const PoolOptions& options, const PoolEvents& events);

struct LoneResult {
  reports::Record record;
  bool harness_failed = false;
};

LoneResult run_case(const Case& the_case, const Candidate& candidate,
                    const JudgeOptions& options = {});

}  // namespace packproof::harness
