// Our kernels on the GPU.
#pragma once

#include <memory>
#include <string>

#include "harness/candidates/candidate_kind.h"
#include "harness/gpu/captured_graph.h"
#include "harness/gpu/device_memory.h"

namespace packproof::harness {

inline constexpr std::string_view kCuda = "cuda";

CandidateKind cuda_kind();

// Why the candidate `cuda` cannot run here; empty if it can. Asks in a child process: a process
// that has touched CUDA must not fork candidates.
std::string why_no_cuda();

// Waits for the device; a fault of it is thrown, any other error that nobody asked for is
// forgotten.
void settle_cuda();

#if PACKPROOF_HAS_CUDA

struct CudaSettings {
  RunRanks ranks;           // none: the op has none
  bool own_stream = false;  // instead of the default one, which waits for others and which no
                            // capture may touch
  ScratchFill scratch = ScratchFill::poison;
};

// A call on the device. Everything throws std::runtime_error on a CUDA error.
class CudaRun final : public PreparedRun {
 public:
  CudaRun(const Op& op, HostCall host, CudaSettings settings);

  Returned run() override { return run_as(host_.call); }
  void load() override { load(host_); }
  void fetch() override { tensors_.download(host_); }
  Stream stream() const override { return own_stream_ ? own_stream_->get() : nullptr; }

  // The same with the values of another call, whose tensors have the same dims.
  void load(const HostCall& host) { tensors_.upload(host); }
  Returned run_as(const Call& host);

 private:
  void run_part(Communicator& communicator, const RankPart& part) const;

  const Op& op_;
  HostCall host_;
  CudaSettings settings_;
  std::unique_ptr<OwnStream> own_stream_;
  DeviceTensors tensors_;
  DeviceScratch scratch_;
};

#endif

}  // namespace packproof::harness
