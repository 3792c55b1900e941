// A call of an op with everything in place to run, as often as one likes.
#pragma once

#include <cstdint>

#include "cases/core/call.h"
#include "cases/core/op_form.h"
#include "kernels/launch/stream.h"

namespace packproof::harness {

class PreparedRun {
 public:
  PreparedRun() = default;
  virtual ~PreparedRun() = default;
  PreparedRun(const PreparedRun&) = delete;
  PreparedRun& operator=(const PreparedRun&) = delete;

  // The op's own host checks and its launches on stream(), on what its memory holds: the call as it
  // was loaded last, and what earlier runs made of it. On a GPU it returns before they have run,
  // unless the op reads a status back. Says what was returned. Throws Refusal.
  virtual Returned run() = 0;

  // Copies the call from the host's memory to where it runs, or back, guards included where it has
  // some; each after all that has been launched. They do nothing where it runs on the host's memory
  // itself.
  virtual void load() {}
  virtual void fetch() {}

  virtual Stream stream() const { return nullptr; }
};

// Outputs of one run of `call`, for which `prepared` was made, that begins with the case's own
// memory, as a hash: the same before and after timing (contract C10), or the times are of something
// else.
std::uint64_t bits_of_a_run(PreparedRun& prepared, const OpForm& form, const Call& call);

}  // namespace packproof::harness
