#include "harness/bench/machine.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/timing/gpu_series.h"
#include "harness/timing/gpu_timer.h"
#include "harness/timing/host_timer.h"
#include "harness/timing/sampler.h"
#include "reference/core/libtorch.h"
#include "reference/core/timed_baseline.h"
#include "reports/statistics/statistics.h"

namespace packproof::harness {
namespace {

using reference::TimedBaseline;
using reference::TorchDevice;

constexpr int kSamples = 10;
// Up to this many times the size of a GPU's L2 cache, much of what was written may still lie there
// when the clock stops.
constexpr double kManyCaches = 4;

double fastest_us(const TimedBaseline& work, const TimingOptions& options) {
  work.run();
  std::vector<Subject> subjects;
  GpuSeries gpu({.samples = kSamples, .series_seconds = options.series_seconds});
  if (options.device() == Device::gpu) {
    gpu.add_cold("ceiling", nullptr, work.run);
    subjects = gpu.subjects();
  } else {
    subjects = {
        {.name = "ceiling", .sample_us = fastest_run_us(work.run, 0.01), .samples = kSamples}};
  }
  return std::ranges::min(take_samples(subjects).front());
}

// In GB/s, both ways counted.
double copy_rate(std::int64_t bytes, TorchDevice device, const TimingOptions& options) {
  return 2e-3 * static_cast<double>(bytes) /
         fastest_us(reference::timed_copy(bytes, device), options);
}

// In TFLOP/s.
double matmul_rate(std::int64_t n, TorchDevice device, const TimingOptions& options) {
  const auto edge = static_cast<double>(n);
  return 2e-6 * edge * edge * edge / fastest_us(reference::timed_matmul(n, device), options);
}

Machine measure_host(const TimingOptions& options) {
  reference::use_one_libtorch_thread();
  // Rows of a host's size may stay in its caches: the fastest copy of any size is the ceiling.
  double copy = 0;
  for (const std::int64_t bytes : {1L << 16, 1L << 18, 1L << 20, 1L << 22, 1L << 24, 1L << 27})
    copy = std::max(copy, copy_rate(bytes, TorchDevice::cpu, options));
  return {.ceilings = {.copy_gb_s = copy,
                       .matmul_tflop_s = matmul_rate(1024, TorchDevice::cpu, options),
                       .how = "the fastest copy of 64 KiB to 128 MiB, caches included; fp32 matmul "
                              "of 1024; both by LibTorch"},
          .device = "host, one thread"};
}

#if PACKPROOF_HAS_CUDA
Machine measure_gpu(const TimingOptions& options) {
  Machine machine{.ceilings = {}, .device = gpu_description()};
  if (!reference::why_no_libtorch(TorchDevice::cuda).empty()) return machine;
  machine.ceilings = {.copy_gb_s = copy_rate(std::int64_t{1} << 31, TorchDevice::cuda, options),
                      .matmul_tflop_s = matmul_rate(8192, TorchDevice::cuda, options),
                      .how = "a copy of 2 GiB; bf16 matmul of 8192; both by LibTorch, cold L2"};
  return machine;
}
#endif

}  // namespace

void to_json(nlohmann::json& json, const Machine& machine) {
  json = {{"device", machine.device},
          {"how", machine.ceilings.how},
          {"copy_gb_s", machine.ceilings.copy_gb_s},
          {"matmul_tflop_s", machine.ceilings.matmul_tflop_s}};
}

void from_json(const nlohmann::json& json, Machine& machine) {
  json.at("device").get_to(machine.device);
  json.at("how").get_to(machine.ceilings.how);
  json.at("copy_gb_s").get_to(machine.ceilings.copy_gb_s);
  json.at("matmul_tflop_s").get_to(machine.ceilings.matmul_tflop_s);
}

Machine measure_machine(const TimingOptions& options) {
#if PACKPROOF_HAS_CUDA
  if (options.device() == Device::gpu) return measure_gpu(options);
#endif
  return measure_host(options);
}

void refuse_impossible(reports::BenchRow& row, const reports::Ceilings& ceilings) {
  constexpr double kL2Bytes = 50e6;  // of an H100 or H200
  const bool from_memory = row.bytes > kManyCaches * kL2Bytes;
  for (reports::Series& series : row.series) {
    if (series.state != reports::SeriesState::timed || series.samples_us.empty()) continue;
    const double us = reports::median(series.samples_us);
    const bool held_to_copies = series.clock == reports::Clock::host || from_memory;
    const double gb_s = row.bytes / us * 1e-3, tflop_s = row.flops / us * 1e-6;
    std::string why;
    if (ceilings.copy_gb_s > 0 && held_to_copies && gb_s > ceilings.copy_gb_s)
      why = fmt::format("{:.0f} GB/s, where a copy reached {:.0f}", gb_s, ceilings.copy_gb_s);
    if (ceilings.matmul_tflop_s > 0 && tflop_s > ceilings.matmul_tflop_s)
      why = fmt::format("{:.3g} TFLOP/s, where a matrix product reached {:.3g}", tflop_s,
                        ceilings.matmul_tflop_s);
    if (why.empty()) continue;
    series.state = reports::SeriesState::refused;
    series.detail = why + ": faster than the machine, so not a time of this op";
  }
}

}  // namespace packproof::harness
