// A call on the host as something that takes it elsewhere needs it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "harness/memory/call_memory.h"

namespace packproof::harness {

// The call, and the memory to copy along with each tensor: its guards, where it has some.
struct HostCall {
  Call call;
  std::vector<std::span<std::byte>> regions;  // of the inputs, then of the outputs
};

HostCall with_guards(CallMemory& memory);
HostCall without_guards(const Call& call);

}  // namespace packproof::harness
