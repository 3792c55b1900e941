// Memory of the current CUDA device, as a call needs it. Empty in a build without CUDA.
#pragma once

#if PACKPROOF_HAS_CUDA

#include <cuda_runtime_api.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "harness/memory/host_call.h"
#include "kernels/launch/stream.h"

namespace packproof::harness {

// Throws std::runtime_error, with what was being done.
void check_cuda(cudaError_t error, const char* doing);

struct FreeOnDevice {
  void operator()(std::byte* p) const { cudaFree(p); }
};
using DeviceMemory = std::unique_ptr<std::byte[], FreeOnDevice>;

// What scratch memory holds when it is handed out.
enum class ScratchFill : bool {
  poison,    // written on the stream
  leftover,  // whatever an earlier run left: nothing is launched, for runs that are timed
};

// Scratch memory, freed with it.
class DeviceScratch {
 public:
  explicit DeviceScratch(Stream stream, ScratchFill fill = ScratchFill::poison)
      : stream_(stream), fill_(fill) {}
  void* operator()(std::size_t bytes);
  // From here on the same memory again, for a run that asks for the same sizes in the same order.
  void rewind() { next_ = 0; }

 private:
  struct Region {
    DeviceMemory memory;
    std::size_t bytes;
  };
  Stream stream_;
  ScratchFill fill_;
  std::vector<Region> regions_;
  std::size_t next_ = 0;
};

// A call's tensors on the device.
class DeviceTensors {
 public:
  // Allocates and uploads.
  DeviceTensors(const HostCall& host, Stream stream);

  const Call& call() const { return call_; }  // of the device's tensors
  // For a call whose tensors have the dims of the first one, after all that the stream has to do.
  void upload(const HostCall& host);
  void download(const HostCall& host);

 private:
  enum class Way : bool { to_device, to_host };
  void copy(const HostCall& host, Way way);

  Call call_;
  Stream stream_;
  std::vector<DeviceMemory> regions_;
};

}  // namespace packproof::harness

#endif
