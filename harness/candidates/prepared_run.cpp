#include "harness/candidates/prepared_run.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "harness/candidates/simt_run.h"
#include "harness/gpu/captured_graph.h"
#include "harness/gpu/device_memory.h"
#include "harness/memory/content_hash.h"

namespace packproof::harness {
namespace {

std::uint64_t bits_of(const std::vector<Tensor>& outputs) {
  std::uint64_t bits = 0;
  for (const Tensor& tensor : outputs)
    bits = bits * 31 + memory::content_hash(tensor.data, tensor.bytes());
  return bits;
}

// Tensors that the op changes in place get what they start from.
void reset_outputs(const Op& op, const Call& call) {
  const Signature signature = op.form.signature(*call.the_case);
  for (std::size_t i = 0; i < signature.outputs.size(); ++i)
    if (const std::string& source = signature.outputs[i].starts_as; !source.empty())
      std::memcpy(call.outputs[i].data, call.input(source).data, call.outputs[i].bytes());
}

class SimtRun final : public PreparedRun {
 public:
  SimtRun(const Op& op, CallMemory& memory) : op_(op), call_(memory.call()) { run(); }

  void run() override { run_on_simt(op_, call_); }

  std::uint64_t bits_of_a_run() override {
    reset_outputs(op_, call_);
    run();
    return bits_of(call_.outputs);
  }

 private:
  const Op& op_;
  const Call& call_;
};

#if PACKPROOF_HAS_CUDA

class CudaRun final : public PreparedRun {
 public:
  CudaRun(const Op& op, CallMemory& memory)
      : op_(op), host_(without_guards(memory.call())), tensors_(host_, stream_.get()) {
    run();
  }

  void run() override {
    scratch_.rewind();
    op_.ours({.host = host_.call,
              .device = tensors_.call(),
              .target = Target::cuda,
              .stream = stream_.get(),
              .workspace = [this](std::size_t bytes) { return scratch_(bytes); },
              .copy_to_host =
                  [this](void* host, const void* device, std::size_t bytes) {
                    check_cuda(
                        cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, stream_.get()),
                        "copying a status");
                    check_cuda(cudaStreamSynchronize(stream_.get()), "running the kernels");
                  },
              .on_ranks =
                  [](int, const RankPart&) {
                    throw std::logic_error("ops on ranks are not timed: one device is not a group");
                  }});
  }

  std::uint64_t bits_of_a_run() override {
    reset_outputs(op_, host_.call);
    tensors_.upload(host_);
    run();
    tensors_.download(host_);
    return bits_of(host_.call.outputs);
  }

  Stream stream() const override { return stream_.get(); }

 private:
  OwnStream stream_;
  const Op& op_;
  HostCall host_;
  DeviceTensors tensors_;
  DeviceScratch scratch_{stream_.get(), ScratchFill::leftover};
};

#endif

}  // namespace

std::unique_ptr<PreparedRun> prepare_simt(const Op& op, CallMemory& memory) {
  return std::make_unique<SimtRun>(op, memory);
}

std::unique_ptr<PreparedRun> prepare_cuda([[maybe_unused]] const Op& op,
                                          [[maybe_unused]] CallMemory& memory) {
#if PACKPROOF_HAS_CUDA
  return std::make_unique<CudaRun>(op, memory);
#else
  throw std::runtime_error("this build has no CUDA kernels (preset with PACKPROOF_CUDA=OFF)");
#endif
}

}  // namespace packproof::harness
