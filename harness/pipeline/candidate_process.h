// Whose process a candidate runs a case in: one for the case alone, or one for many.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

#include "harness/candidates/candidate.h"
#include "harness/memory/call_memory.h"
#include "harness/memory/shared_pages.h"
#include "harness/process/isolated_result.h"
#include "harness/process/worker.h"

namespace packproof::harness {

class CandidateProcess {
 public:
  CandidateProcess() = default;
  virtual ~CandidateProcess() = default;
  CandidateProcess(const CandidateProcess&) = delete;
  CandidateProcess& operator=(const CandidateProcess&) = delete;

  // The case's memory, filled, where its candidate can write to it.
  virtual CallMemory memory_of(const Case& the_case, const Signature& signature) = 0;
  // Runs the candidate on such memory, at most so long. Throws HarnessFailure.
  virtual IsolatedResult run(const Op& op, const Candidate& candidate, CallMemory& memory,
                             std::chrono::milliseconds timeout) = 0;
};

// Forks for each case.
class OwnProcess final : public CandidateProcess {
 public:
  CallMemory memory_of(const Case& the_case, const Signature& signature) override;
  IsolatedResult run(const Op& op, const Candidate& candidate, CallMemory& memory,
                     std::chrono::milliseconds timeout) override;
};

// A process that runs `candidate` on one of `cases` after the other, for an executor whose process
// costs more to start than a case takes (Executor::shares_process). Asked by processes that were
// forked from this one, one at a time.
class CandidateWorker {
 public:
  // Both must outlive it. Throws std::system_error.
  CandidateWorker(std::span<const Case> cases, const Candidate& candidate);

  CallMemory memory_of(const Case& the_case, const Signature& signature);
  IsolatedResult run(std::size_t index, std::chrono::milliseconds timeout);
  std::string end() { return worker_.end(); }  // as Worker::end

 private:
  memory::SharedPages pages_;
  Worker worker_;
};

// The worker, for one of its cases. What crashes there is run once more in the next process: a
// crash is told as it is without what ran before.
class WorkerProcess final : public CandidateProcess {
 public:
  WorkerProcess(CandidateWorker& worker, std::size_t index) : worker_(worker), index_(index) {}

  CallMemory memory_of(const Case& the_case, const Signature& signature) override;
  IsolatedResult run(const Op& op, const Candidate& candidate, CallMemory& memory,
                     std::chrono::milliseconds timeout) override;

 private:
  CandidateWorker& worker_;
  std::size_t index_;
};

}  // namespace packproof::harness
