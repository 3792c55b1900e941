#include "harness/candidates/cuda_run.h"

#include "harness/gpu/device_memory.h"
#include "harness/process/isolated_run.h"

#include <stdexcept>

namespace packproof::harness {

#if PACKPROOF_HAS_CUDA
namespace {

constexpr Stream kStream = nullptr;

void to_host(void* host, const void* device, std::size_t bytes) {
  check_cuda(cudaStreamSynchronize(kStream), "running the kernels");
  check_cuda(cudaMemcpy(host, device, bytes, cudaMemcpyDeviceToHost), "copying to the host");
}

void to_device(void* device, const void* host, std::size_t bytes) {
  check_cuda(cudaStreamSynchronize(kStream), "running the kernels");
  check_cuda(cudaMemcpy(device, host, bytes, cudaMemcpyHostToDevice), "copying to the device");
}

// All ranks share the device.
void run_part(Communicator& communicator, const RankPart& part) {
  DeviceScratch scratch(kStream);
  part({.communicator = communicator,
        .stream = kStream,
        .workspace = [&](std::size_t bytes) { return scratch(bytes); },
        .copies = {.to_host = to_host, .to_target = to_device}});
  check_cuda(cudaStreamSynchronize(kStream), "running the kernels");
}

Returned run_call(const Op& op, const HostCall& host, const RunRanks& ranks) {
  DeviceTensors tensors(host, kStream);
  DeviceScratch scratch(kStream);
  Returned returned = op.ours({
      .host = host.call,
      .device = tensors.call(),
      .target = Target::cuda,
      .stream = kStream,
      .workspace = [&](std::size_t bytes) { return scratch(bytes); },
      .copy_to_host = to_host,
      .on_ranks =
          [&](int world, const RankPart& part) {
            ranks(world, [&](Communicator& communicator) { run_part(communicator, part); });
          },
  });
  tensors.download(host);
  return returned;
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
  return run_call(op, with_guards(memory), ranks);
}

Returned run_on_cuda(const Op& op, const Call& call, const RunRanks& ranks) {
  return run_call(op, without_guards(call), ranks);
}

#else

std::string why_no_cuda() {
  return "this build has no CUDA kernels (preset with PACKPROOF_CUDA=OFF)";
}

Returned run_on_cuda(const Op&, CallMemory&, const RunRanks&) {
  throw std::runtime_error(why_no_cuda());
}

Returned run_on_cuda(const Op&, const Call&, const RunRanks&) {
  throw std::runtime_error(why_no_cuda());
}

#endif

}  // namespace packproof::harness
