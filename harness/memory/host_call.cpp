#include "harness/memory/host_call.h"

namespace packproof::harness {

HostCall with_guards(CallMemory& memory) {
  HostCall host{.call = memory.call(), .regions = {}};
  for (const memory::GuardedBuffer& buffer : memory.buffers())
    host.regions.emplace_back(buffer.region(), buffer.region_bytes());
  return host;
}

HostCall without_guards(const Call& call) {
  HostCall host{.call = call, .regions = {}};
  for (const std::vector<Tensor>* tensors : {&call.inputs, &call.outputs})
    for (const Tensor& tensor : *tensors)
      host.regions.emplace_back(tensor.as<std::byte>(), tensor.bytes());
  return host;
}

}  // namespace packproof::harness
