// What runs the calls of a candidate, wherever that is: everybody who judges, repeats, captures or
// times a candidate asks one to prepare a call.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "harness/candidates/prepared_run.h"
#include "harness/memory/host_call.h"
#include "harness/ops/op.h"

namespace packproof::harness {

// Where a candidate's work is done, and what its times are of.
enum class Device : std::uint8_t { host, gpu };

// What a run is for: one that is judged has guards copied along and scratch memory poisoned, one
// that is timed pays for a call and no more.
enum class Purpose : std::uint8_t { judging, timing };

class Executor {
 public:
  Executor() = default;
  virtual ~Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // The call loaded and ready; `op`, the executor and the memory of `call` must outlive it. In the
  // candidate's process. Throws Refusal.
  virtual std::unique_ptr<PreparedRun> prepare(const Op& op, const HostCall& call,
                                               Purpose purpose) const = 0;

  virtual Device device() const { return Device::host; }
  virtual bool offers(const Op&) const { return true; }
  // The order of the host executor's threads, as --schedule takes it; empty: there is none.
  virtual std::string schedule() const { return {}; }
  // Why what run() of this op launches cannot be captured in a CUDA graph; empty if it can.
  virtual std::string why_not_captured(const Op&) const { return "it does not run on a stream"; }
  // Whether many cases are run in one process, since to start one costs more than a case takes.
  virtual bool shares_process() const { return false; }
  // There, behind each case: waits for all that it started and leaves nothing of it to the next.
  // Throws what went wrong only now.
  virtual void settle() const {}
  // The bug that was put into it on purpose; null: none.
  virtual const SeededBug* seeded_bug() const { return nullptr; }
};

// One run that is judged, from what `memory` holds to what it leaves there. In the candidate's
// process. Throws Refusal.
Returned run_once(const Executor& executor, const Op& op, CallMemory& memory);

}  // namespace packproof::harness
