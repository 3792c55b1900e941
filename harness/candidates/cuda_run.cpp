#include "harness/candidates/cuda_run.h"

#include <stdexcept>
#include <utility>

#include "harness/process/isolated_run.h"
#include "harness/ranks/thread_ranks.h"

namespace packproof::harness {

#if PACKPROOF_HAS_CUDA
namespace {

// Copies that wait for what the stream has to do.
HostCopies copies_on(Stream stream) {
  const auto copy = [stream](void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                             const char* doing) {
    check_cuda(cudaMemcpyAsync(to, from, bytes, kind, stream), doing);
    check_cuda(cudaStreamSynchronize(stream), "running the kernels");
  };
  return {.to_host =
              [copy](void* host, const void* device, std::size_t bytes) {
                copy(host, device, bytes, cudaMemcpyDeviceToHost, "copying to the host");
              },
          .to_target =
              [copy](void* device, const void* host, std::size_t bytes) {
                copy(device, host, bytes, cudaMemcpyHostToDevice, "copying to the device");
              }};
}

}  // namespace

CudaRun::CudaRun(const Op& op, HostCall host, CudaSettings settings)
    : op_(op),
      host_(std::move(host)),
      settings_(std::move(settings)),
      own_stream_(settings_.own_stream ? std::make_unique<OwnStream>() : nullptr),
      tensors_(host_, stream()),
      scratch_(stream(), settings_.scratch) {}

Returned CudaRun::run_as(const Call& host) {
  scratch_.rewind();
  return op_.ours({
      .host = host,
      .device = tensors_.call(),
      .target = Target::cuda,
      .stream = stream(),
      .workspace = [this](std::size_t bytes) { return scratch_(bytes); },
      .copy_to_host = copies_on(stream()).to_host,
      .on_ranks =
          [this](int world, const RankPart& part) {
            if (!settings_.ranks)
              throw std::logic_error("ops on ranks are not timed: one device is not a group");
            settings_.ranks(world,
                            [&](Communicator& communicator) { run_part(communicator, part); });
          },
  });
}

// All ranks share the device.
void CudaRun::run_part(Communicator& communicator, const RankPart& part) const {
  DeviceScratch scratch(stream());
  part({.communicator = communicator,
        .stream = stream(),
        .workspace = [&](std::size_t bytes) { return scratch(bytes); },
        .copies = copies_on(stream())});
  check_cuda(cudaStreamSynchronize(stream()), "running the kernels");
}

namespace {

class CudaExecutor final : public Executor {
 public:
  explicit CudaExecutor(RunRanks ranks) : ranks_(std::move(ranks)) {
    if (!ranks_) ranks_ = thread_ranks(Pace::one_at_a_time);
  }

  std::unique_ptr<PreparedRun> prepare(const Op& op, const HostCall& call,
                                       Purpose purpose) const override {
    CudaSettings settings{.ranks = ranks_};
    if (purpose == Purpose::timing)
      settings = {.ranks = {}, .own_stream = true, .scratch = ScratchFill::leftover};
    return std::make_unique<CudaRun>(op, call, std::move(settings));
  }
  Device device() const override { return Device::gpu; }
  bool shares_process() const override { return true; }  // its context costs 0.2 to 0.4 s
  void settle() const override { settle_cuda(); }
  std::string why_not_captured(const Op& op) const override {
    return op.waits_for_device ? "it reads a status back between its launches" : "";
  }

 private:
  RunRanks ranks_;
};

}  // namespace

std::string why_no_cuda() {
  static const std::string answer = [] {
    const auto asked = run_isolated(
        []() -> std::string {
          int devices = 0;
          const cudaError_t error = cudaGetDeviceCount(&devices);
          if (error != cudaSuccess) return cudaGetErrorString(error);
          return devices > 0 ? "" : "no CUDA device";
        },
        std::chrono::seconds(60));
    return asked.returned.empty() ? asked.message : asked.returned;
  }();
  return answer;
}

void settle_cuda() {
  check_cuda(cudaDeviceSynchronize(), "running the kernels");
  static_cast<void>(cudaGetLastError());
}

#else

void settle_cuda() {}

namespace {

class CudaExecutor final : public Executor {
 public:
  explicit CudaExecutor(const RunRanks&) {}
  std::unique_ptr<PreparedRun> prepare(const Op&, const HostCall&, Purpose) const override {
    throw std::runtime_error(why_no_cuda());
  }
  Device device() const override { return Device::gpu; }
};

}  // namespace

std::string why_no_cuda() {
  return "this build has no CUDA kernels (preset with PACKPROOF_CUDA=OFF)";
}

#endif

CandidateKind cuda_kind() {
  return {
      .form = std::string(kCuda),
      .names = {std::string(kCuda)},
      .find = [](std::string_view name, const HowToRun& how) -> std::shared_ptr<const Executor> {
        if (name != kCuda) return nullptr;
        return std::make_shared<CudaExecutor>(how.ranks);
      },
      .why_not_here = why_no_cuda,
      .is_timed = true,
      .seeds_as = "cuda-seeded:"};
}

}  // namespace packproof::harness
