// Times on a GPU by CUDA events. Empty in a build without CUDA.
#pragma once

#if PACKPROOF_HAS_CUDA

#include <functional>
#include <string>

#include "harness/gpu/captured_graph.h"
#include "harness/gpu/device_memory.h"
#include "kernels/launch/stream.h"

namespace packproof::harness {

class GpuTimer {
 public:
  GpuTimer();
  ~GpuTimer();
  GpuTimer(const GpuTimer&) = delete;
  GpuTimer& operator=(const GpuTimer&) = delete;

  // One run of what `launch` sends to the stream, in microseconds, with a cold L2 cache: memory of
  // many times its size is written just before, which also gives the host the time to be ahead of
  // the device.
  double cold_us(Stream stream, const std::function<void()>& launch);
  // One of `replays` replays in a row, in microseconds: no launch overhead, and a warm L2 cache.
  double warm_us(Stream stream, const CapturedGraph& graph, int replays);

 private:
  double between(Stream stream, const std::function<void()>& work);

  cudaEvent_t begin_ = nullptr, end_ = nullptr;
  std::size_t flush_bytes_ = 0;
  DeviceMemory flush_;
};

// The first device's name: "NVIDIA H200".
std::string gpu_name();
// Where the first device sits: "00000000:1B:00.0".
std::string gpu_pci_bus_id();
// Bytes of the first device's L2 cache.
std::size_t gpu_l2_bytes();
// Bytes of device memory that are free.
std::size_t gpu_free_bytes();

}  // namespace packproof::harness

#endif
