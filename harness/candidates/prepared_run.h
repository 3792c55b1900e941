// A candidate with its memory in place: what a training step pays for a call, and no more.
#pragma once

#include <cstdint>
#include <memory>

#include "harness/memory/call_memory.h"
#include "harness/ops/op.h"
#include "kernels/launch/stream.h"

namespace packproof::harness {

class PreparedRun {
 public:
  PreparedRun() = default;
  virtual ~PreparedRun() = default;
  PreparedRun(const PreparedRun&) = delete;
  PreparedRun& operator=(const PreparedRun&) = delete;

  // The op's own host checks and its launches; on a GPU it returns before they have run, unless
  // the op reads a status back. Scratch memory is that of the first run.
  virtual void run() = 0;
  // Outputs of one run that begins with the case's own memory, as a hash: the same before and after
  // timing (contract C10), or the times are of something else.
  virtual std::uint64_t bits_of_a_run() = 0;
  // The stream that run() launches on.
  virtual Stream stream() const { return nullptr; }
};

// `op` and `memory` must outlive it. Throw Refusal.
std::unique_ptr<PreparedRun> prepare_simt(const Op& op, CallMemory& memory);
// Throws std::runtime_error in a build without CUDA.
std::unique_ptr<PreparedRun> prepare_cuda(const Op& op, CallMemory& memory);

}  // namespace packproof::harness
