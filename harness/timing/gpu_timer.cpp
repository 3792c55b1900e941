#include "harness/timing/gpu_timer.h"

#if PACKPROOF_HAS_CUDA

#include <algorithm>
#include <array>

namespace packproof::harness {
namespace {

cudaDeviceProp properties() {
  cudaDeviceProp found{};
  check_cuda(cudaGetDeviceProperties(&found, 0), "asking for the device's properties");
  return found;
}

}  // namespace

GpuTimer::GpuTimer() : flush_bytes_(std::max(std::size_t{1} << 30, 8 * gpu_l2_bytes())) {
  check_cuda(cudaEventCreate(&begin_), "making an event");
  check_cuda(cudaEventCreate(&end_), "making an event");
  void* memory = nullptr;
  check_cuda(cudaMalloc(&memory, flush_bytes_), "allocating what flushes the cache");
  flush_.reset(static_cast<std::byte*>(memory));
}

GpuTimer::~GpuTimer() {
  cudaEventDestroy(begin_);
  cudaEventDestroy(end_);
}

double GpuTimer::between(Stream stream, const std::function<void()>& work) {
  check_cuda(cudaEventRecord(begin_, stream), "recording an event");
  work();
  check_cuda(cudaEventRecord(end_, stream), "recording an event");
  check_cuda(cudaEventSynchronize(end_), "running the kernels");
  float milliseconds = 0;
  check_cuda(cudaEventElapsedTime(&milliseconds, begin_, end_), "reading the events");
  return static_cast<double>(milliseconds) * 1e3;
}

double GpuTimer::cold_us(Stream stream, const std::function<void()>& launch) {
  check_cuda(cudaStreamSynchronize(stream), "running the kernels");
  check_cuda(cudaMemsetAsync(flush_.get(), 0, flush_bytes_, stream), "flushing the cache");
  return between(stream, launch);
}

double GpuTimer::warm_us(Stream stream, const CapturedGraph& graph, int replays) {
  graph.replay(stream);
  check_cuda(cudaStreamSynchronize(stream), "running the kernels");
  const double all = between(stream, [&] {
    for (int i = 0; i < replays; ++i) graph.replay(stream);
  });
  return all / replays;
}

std::string gpu_name() { return properties().name; }

std::string gpu_pci_bus_id() {
  std::array<char, 32> text{};
  check_cuda(cudaDeviceGetPCIBusId(text.data(), static_cast<int>(text.size()), 0),
             "asking where the device sits");
  return text.data();
}

std::size_t gpu_l2_bytes() { return static_cast<std::size_t>(properties().l2CacheSize); }

std::size_t gpu_free_bytes() {
  std::size_t free = 0, total = 0;
  check_cuda(cudaMemGetInfo(&free, &total), "asking for free memory");
  return free;
}

}  // namespace packproof::harness

#endif
