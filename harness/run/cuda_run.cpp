#include "harness/run/cuda_run.h"

#include "harness/run/isolated_run.h"

#if PACKPROOF_HAS_CUDA
#include <cuda_runtime_api.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace packproof::harness {

#if PACKPROOF_HAS_CUDA
namespace {

void check(cudaError_t error, const char* doing) {
  if (error != cudaSuccess)
    throw std::runtime_error(fmt::format("CUDA error while {}: {} ({})", doing,
                                         cudaGetErrorString(error), cudaGetErrorName(error)));
}

struct FreeOnDevice {
  void operator()(std::byte* p) const { cudaFree(p); }
};
using DeviceMemory = std::unique_ptr<std::byte[], FreeOnDevice>;

constexpr Stream kStream = nullptr;

DeviceMemory allocate(std::size_t bytes) {
  void* memory = nullptr;
  check(cudaMalloc(&memory, std::max<std::size_t>(bytes, 1)), "allocating device memory");
  return DeviceMemory(static_cast<std::byte*>(memory));
}

// Scratch memory, poisoned, freed with it.
class DeviceScratch {
 public:
  void* operator()(std::size_t bytes) {
    regions_.push_back(allocate(bytes));
    check(cudaMemset(regions_.back().get(), 0xff, bytes), "poisoning scratch memory");
    return regions_.back().get();
  }

 private:
  std::vector<DeviceMemory> regions_;
};

void to_host(void* host, const void* device, std::size_t bytes) {
  check(cudaStreamSynchronize(kStream), "running the kernels");
  check(cudaMemcpy(host, device, bytes, cudaMemcpyDeviceToHost), "copying to the host");
}

void to_device(void* device, const void* host, std::size_t bytes) {
  check(cudaStreamSynchronize(kStream), "running the kernels");
  check(cudaMemcpy(device, host, bytes, cudaMemcpyHostToDevice), "copying to the device");
}

// All ranks share the device.
void run_part(Communicator& communicator, const RankPart& part) {
  DeviceScratch scratch;
  part({.communicator = communicator,
        .stream = kStream,
        .workspace = [&](std::size_t bytes) { return scratch(bytes); },
        .copies = {.to_host = to_host, .to_target = to_device}});
  check(cudaStreamSynchronize(kStream), "running the kernels");
}

// Inputs, then outputs, as CallMemory has their buffers.
Tensor& tensor_of(Call& call, std::size_t i) {
  return i < call.inputs.size() ? call.inputs[i] : call.outputs[i - call.inputs.size()];
}

// Between a host's region and a device's: the guards, and what the tensor between them holds.
void copy_region(std::byte* to, const std::byte* from, const compare::GuardedBuffer& buffer,
                 const Tensor& host, cudaMemcpyKind kind, const char* doing) {
  const std::byte* const data = static_cast<const std::byte*>(buffer.data());
  const auto copy = [&](const std::byte* begin, std::size_t bytes) {
    const std::ptrdiff_t at = begin - buffer.region();
    check(cudaMemcpy(to + at, from + at, bytes, kind), doing);
  };
  copy(buffer.region(), static_cast<std::size_t>(data - buffer.region()));
  for (const std::span<std::byte> part : held_memory(host)) copy(part.data(), part.size());
  const std::byte* const behind = data + buffer.bytes();
  copy(behind, static_cast<std::size_t>(buffer.region() + buffer.region_bytes() - behind));
}

}  // namespace

std::string why_no_cuda() {
  static const std::string answer = [] {
    const IsolatedResult asked = run_isolated(
        []() -> Returned {
          int devices = 0;
          const cudaError_t error = cudaGetDeviceCount(&devices);
          if (error != cudaSuccess) return {cudaGetErrorString(error)};
          return {devices > 0 ? "" : "no CUDA device"};
        },
        std::chrono::seconds(60));
    return asked.returned.empty() ? asked.message : asked.returned.front();
  }();
  return answer;
}

Returned run_on_cuda(const Op& op, CallMemory& memory, const RunRanks& ranks) {
  DeviceCall call;
  call.host = call.device = memory.call();
  call.target = Target::cuda;
  std::vector<DeviceMemory> regions;
  std::vector<compare::GuardedBuffer>& buffers = memory.buffers();
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    compare::GuardedBuffer& host = buffers[i];
    regions.push_back(allocate(host.region_bytes()));
    const std::ptrdiff_t offset = static_cast<std::byte*>(host.data()) - host.region();
    Tensor& tensor = tensor_of(call.device, i);
    // Gaps that nobody copies: NaN in every dtype.
    if (tensor.is_sparse())
      check(cudaMemset(regions.back().get(), 0xff, host.region_bytes()), "filling gaps");
    copy_region(regions.back().get(), host.region(), host, tensor_of(call.host, i),
                cudaMemcpyHostToDevice, "copying inputs to the device");
    tensor.data = regions.back().get() + offset;
  }
  DeviceScratch scratch;
  call.stream = kStream;
  call.workspace = [&](std::size_t bytes) { return scratch(bytes); };
  call.copy_to_host = to_host;
  call.on_ranks = [&](int world, const RankPart& part) {
    ranks(world, [&](Communicator& communicator) { run_part(communicator, part); });
  };

  Returned returned = op.ours(call);
  check(cudaDeviceSynchronize(), "running the kernels");
  for (std::size_t i = 0; i < buffers.size(); ++i)
    copy_region(buffers[i].region(), regions[i].get(), buffers[i], tensor_of(call.host, i),
                cudaMemcpyDeviceToHost, "copying outputs from the device");
  return returned;
}

#else

std::string why_no_cuda() {
  return "this build has no CUDA kernels (preset with PACKPROOF_CUDA=OFF)";
}

Returned run_on_cuda(const Op&, CallMemory&, const RunRanks&) {
  throw std::runtime_error(why_no_cuda());
}

#endif

}  // namespace packproof::harness
