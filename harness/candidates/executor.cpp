#include "harness/candidates/executor.h"

namespace packproof::harness {

Returned run_once(const Executor& executor, const Op& op, CallMemory& memory) {
  if (executor.device() == Device::host) memory.shield();
  const std::unique_ptr<PreparedRun> prepared =
      executor.prepare(op, with_guards(memory), Purpose::judging);
  Returned returned = prepared->run();
  prepared->fetch();
  return returned;
}

}  // namespace packproof::harness
