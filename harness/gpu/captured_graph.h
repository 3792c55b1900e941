// A CUDA stream of one's own, and a graph captured from one. Empty in a build without CUDA.
#pragma once

#if PACKPROOF_HAS_CUDA

#include <cuda_runtime_api.h>

#include "harness/gpu/device_memory.h"
#include "kernels/launch/stream.h"

namespace packproof::harness {

// A stream that does not wait for the default one, which no capture may touch.
class OwnStream {
 public:
  OwnStream() {
    check_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream");
  }
  ~OwnStream() { cudaStreamDestroy(stream_); }
  OwnStream(const OwnStream&) = delete;
  OwnStream& operator=(const OwnStream&) = delete;

  Stream get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

// What `launches` sends to the stream, ready to be replayed.
class CapturedGraph {
 public:
  template <class Launches>
  CapturedGraph(Stream stream, Launches launches) {
    check_cuda(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal),
               "beginning a capture");
    launches();
    check_cuda(cudaStreamEndCapture(stream, &graph_), "ending a capture");
    check_cuda(cudaGraphInstantiate(&executable_, graph_, 0), "instantiating a graph");
  }
  ~CapturedGraph() {
    cudaGraphExecDestroy(executable_);
    cudaGraphDestroy(graph_);
  }
  CapturedGraph(const CapturedGraph&) = delete;
  CapturedGraph& operator=(const CapturedGraph&) = delete;

  void replay(Stream stream) const {
    check_cuda(cudaGraphLaunch(executable_, stream), "replaying a graph");
  }

 private:
  cudaGraph_t graph_ = nullptr;
  cudaGraphExec_t executable_ = nullptr;
};

}  // namespace packproof::harness

#endif
