#include "harness/gpu/device_memory.h"

#if PACKPROOF_HAS_CUDA

#include <algorithm>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

DeviceMemory allocate(std::size_t bytes) {
  void* memory = nullptr;
  check_cuda(cudaMalloc(&memory, std::max<std::size_t>(bytes, 1)), "allocating device memory");
  return DeviceMemory(static_cast<std::byte*>(memory));
}

// Inputs, then outputs.
template <class ACall>
auto& tensor_of(ACall& call, std::size_t i) {
  return i < call.inputs.size() ? call.inputs[i] : call.outputs[i - call.inputs.size()];
}

// Between a host's region and a device's: the guards, and what the tensor between them holds.
void copy_region(std::byte* to, const std::byte* from, std::span<std::byte> host_region,
                 const Tensor& host, cudaMemcpyKind kind, const char* doing) {
  const auto copy = [&](const std::byte* begin, const std::byte* end) {
    if (begin == end) return;
    const std::ptrdiff_t at = begin - host_region.data();
    check_cuda(cudaMemcpy(to + at, from + at, static_cast<std::size_t>(end - begin), kind), doing);
  };
  copy(host_region.data(), host.as<std::byte>());
  for (const std::span<std::byte> part : held_memory(host))
    copy(part.data(), part.data() + part.size());
  copy(host.as<std::byte>() + host.bytes(), host_region.data() + host_region.size());
}

}  // namespace

void check_cuda(cudaError_t error, const char* doing) {
  if (error != cudaSuccess)
    throw std::runtime_error(fmt::format("CUDA error while {}: {} ({})", doing,
                                         cudaGetErrorString(error), cudaGetErrorName(error)));
}

void* DeviceScratch::operator()(std::size_t bytes) {
  if (next_ == regions_.size()) regions_.push_back({.memory = allocate(bytes), .bytes = bytes});
  const Region& region = regions_[next_++];
  if (region.bytes != bytes)
    throw std::logic_error(fmt::format("{} bytes of scratch memory, where an earlier run took {}",
                                       bytes, region.bytes));
  if (fill_ == ScratchFill::poison)
    check_cuda(cudaMemsetAsync(region.memory.get(), 0xff, bytes, stream_),
               "poisoning scratch memory");
  return region.memory.get();
}

DeviceTensors::DeviceTensors(const HostCall& host, Stream stream)
    : call_(host.call), stream_(stream) {
  regions_.reserve(host.regions.size());
  for (std::size_t i = 0; i < host.regions.size(); ++i) {
    const std::span<std::byte> region = host.regions[i];
    regions_.push_back(allocate(region.size()));
    Tensor& tensor = tensor_of(call_, i);
    // Gaps that nobody copies: NaN in every dtype.
    if (tensor.is_sparse())
      check_cuda(cudaMemset(regions_.back().get(), 0xff, region.size()), "filling gaps");
    tensor.data = regions_.back().get() + (tensor.as<std::byte>() - region.data());
  }
  upload(host);
}

void DeviceTensors::upload(const HostCall& host) { copy(host, Way::to_device); }

void DeviceTensors::download(const HostCall& host) { copy(host, Way::to_host); }

void DeviceTensors::copy(const HostCall& host, Way way) {
  check_cuda(cudaStreamSynchronize(stream_), "running the kernels");
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    const Tensor& tensor = tensor_of(host.call, i);
    const std::span<std::byte> region = host.regions[i];
    if (way == Way::to_device)
      copy_region(regions_[i].get(), region.data(), region, tensor, cudaMemcpyHostToDevice,
                  "copying inputs to the device");
    else
      copy_region(region.data(), regions_[i].get(), region, tensor, cudaMemcpyDeviceToHost,
                  "copying outputs from the device");
  }
}

}  // namespace packproof::harness

#endif
