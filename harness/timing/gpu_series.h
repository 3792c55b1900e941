// Series that are timed on a GPU: cold L2 and CUDA graph, with the clock beside each sample.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/timing/sampler.h"
#include "kernels/launch/stream.h"
#include "reports/bench/bench_run.h"

namespace packproof::harness {

struct GpuSamples {
  int samples = 20;           // of each series, at most
  double series_seconds = 1;  // about so long for each
};

// Does nothing until the first series is added; in a build without CUDA none can be.
class GpuSeries {
 public:
  explicit GpuSeries(const GpuSamples& options);
  ~GpuSeries();
  GpuSeries(const GpuSeries&) = delete;
  GpuSeries& operator=(const GpuSeries&) = delete;

  // Clock::events_cold of what `launch` sends to the stream.
  void add_cold(const std::string& implementation, Stream stream,
                const std::function<void()>& launch);
  // Clock::graph_warm: captures the launches. The stream must not be the default one.
  void add_graph(const std::string& implementation, Stream stream,
                 const std::function<void()>& launch);

  std::vector<Subject> subjects() const;
  // The series with their samples, which are those of subjects() in their order (others may
  // follow). Samples at which the clock was below three quarters of its maximum are dropped: the
  // GPU was throttled, or had not yet woken up.
  std::vector<reports::Series> series(const std::vector<std::vector<double>>& samples) const;

 private:
  struct Impl;
  void start();

  GpuSamples options_;
  std::unique_ptr<Impl> impl_;
};

// "NVIDIA H200, driver 580.159.04".
std::string gpu_description();

}  // namespace packproof::harness
