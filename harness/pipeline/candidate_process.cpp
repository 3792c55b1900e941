#include "harness/pipeline/candidate_process.h"

#include "harness/ops/op_list.h"
#include "harness/process/isolated_run.h"

namespace packproof::harness {
namespace {

// In the worker's process.
Returned run_attached(const Case& the_case, const Candidate& candidate,
                      memory::SharedPages& pages) {
  const Op& op = *find_op(the_case.op);
  CallMemory memory = CallMemory::attached(the_case, op.form.signature(the_case), pages);
  try {
    Returned returned = run_once(*candidate.executor, op, memory);
    candidate.executor->settle();
    return returned;
  } catch (const Refusal&) {
    candidate.executor->settle();
    throw;
  }
}

}  // namespace

CallMemory OwnProcess::memory_of(const Case& the_case, const Signature& signature) {
  return CallMemory(the_case, signature);
}

IsolatedResult OwnProcess::run(const Op& op, const Candidate& candidate, CallMemory& memory,
                               std::chrono::milliseconds timeout) {
  return run_isolated([&] { return run_once(*candidate.executor, op, memory); }, timeout);
}

CandidateWorker::CandidateWorker(std::span<const Case> cases, const Candidate& candidate)
    : worker_([this, cases, &candidate](const nlohmann::json& request) -> nlohmann::json {
        return run_attached(cases[request.at("case").get<std::size_t>()], candidate, pages_);
      }) {}

CallMemory CandidateWorker::memory_of(const Case& the_case, const Signature& signature) {
  return CallMemory::shared(the_case, signature, pages_);
}

IsolatedResult CandidateWorker::run(std::size_t index, std::chrono::milliseconds timeout) {
  return worker_.ask<Returned>({{"case", index}}, timeout);
}

CallMemory WorkerProcess::memory_of(const Case& the_case, const Signature& signature) {
  return worker_.memory_of(the_case, signature);
}

IsolatedResult WorkerProcess::run(const Op& op, const Candidate&, CallMemory& memory,
                                  std::chrono::milliseconds timeout) {
  IsolatedResult ran = worker_.run(index_, timeout);
  if (ran.ending != IsolatedResult::Ending::crashed) return ran;
  // Whose fault it is shows on fresh memory in the next process, where nobody ran before.
  const Case& the_case = *memory.call().the_case;
  memory = memory_of(the_case, op.form.signature(the_case));
  IsolatedResult alone = worker_.run(index_, timeout);
  if (alone.ending == IsolatedResult::Ending::crashed) return alone;
  ran.message += "; in a process that had run other cases: alone it does not crash";
  return ran;
}

}  // namespace packproof::harness
