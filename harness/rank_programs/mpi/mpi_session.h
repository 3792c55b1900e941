// Ranks as processes, by MPI. No type of MPI crosses this header.
#pragma once

#include <chrono>
#include <memory>

#include "harness/ranks/communicator.h"

namespace packproof::harness {

// MPI from its start to its end in this process: make one, first in main. Throws CommFailure when
// MPI does not start.
class MpiSession {
 public:
  // A collective that the others do not join within `timeout` fails.
  explicit MpiSession(std::chrono::milliseconds timeout = kCommTimeout);
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;

  // All processes that were started together. A block has less than 2^31 bytes.
  Communicator& world() { return *world_; }

  // Ends MPI, then this process, without what would run at its exit: MPI keeps memory to the end,
  // which is no leak of ours.
  [[noreturn]] void end(int exit_code);
  // Ends every process of the group: for a rank that cannot go on.
  [[noreturn]] void abort(int exit_code);

 private:
  std::unique_ptr<Communicator> world_;
};

}  // namespace packproof::harness
