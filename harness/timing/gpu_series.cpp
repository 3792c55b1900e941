#include "harness/timing/gpu_series.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/gpu/sm_clock.h"
#include "harness/timing/gpu_timer.h"

namespace packproof::harness {

#if PACKPROOF_HAS_CUDA
namespace {

constexpr int kFewestSamples = 10;
constexpr double kThrottledBelow = 0.75;  // of the highest clock, as nvbench has it
constexpr double kGraphSample_us = 2000;  // replays in a row, together
constexpr int kMostReplays = 200;

// Runs that bring the clocks up.
constexpr int kWarmUps = 3;

}  // namespace

struct GpuSeries::Impl {
  struct One {
    std::string implementation;
    reports::Clock clock;
    int samples;
    std::function<double()> sample_us;
    std::unique_ptr<CapturedGraph> graph;
    std::vector<double> clocks;
  };

  explicit Impl(const GpuSamples& given) : options(given) {}

  void add(std::string implementation, reports::Clock clock, std::function<double()> sample_us,
           std::unique_ptr<CapturedGraph> graph) {
    double last_us = 0;
    for (int i = 0; i < kWarmUps; ++i) last_us = sample_us();
    const int samples =
        std::clamp(static_cast<int>(options.series_seconds * 1e6 / std::max(last_us, 1.0)),
                   std::min(kFewestSamples, options.samples), options.samples);
    One& one = all.emplace_back(One{.implementation = std::move(implementation),
                                    .clock = clock,
                                    .samples = samples,
                                    .sample_us = {},
                                    .graph = std::move(graph),
                                    .clocks = {}});
    one.sample_us = [this, &one, sample = std::move(sample_us)] {
      const double us = sample();
      one.clocks.push_back(sm_clock.mhz());  // right behind it, while the device is still awake
      return us;
    };
  }

  GpuSamples options;
  GpuTimer timer;
  SmClock sm_clock{gpu_pci_bus_id()};
  std::deque<One> all;
};

GpuSeries::GpuSeries(const GpuSamples& options) : options_(options) {}
GpuSeries::~GpuSeries() = default;

void GpuSeries::start() {
  if (!impl_) impl_ = std::make_unique<Impl>(options_);
}

void GpuSeries::add_cold(const std::string& implementation, Stream stream,
                         const std::function<void()>& launch) {
  start();
  impl_->add(
      implementation, reports::Clock::events_cold,
      [timer = &impl_->timer, stream, launch] { return timer->cold_us(stream, launch); }, nullptr);
}

void GpuSeries::add_graph(const std::string& implementation, Stream stream,
                          const std::function<void()>& launch) {
  start();
  auto graph = std::make_unique<CapturedGraph>(stream, launch);
  GpuTimer* const timer = &impl_->timer;
  const CapturedGraph* const captured = graph.get();
  const double one_us = timer->warm_us(stream, *captured, 1);
  const int replays = std::clamp(static_cast<int>(kGraphSample_us / one_us), 1, kMostReplays);
  impl_->add(
      implementation, reports::Clock::graph_warm,
      [timer, stream, replays, captured] { return timer->warm_us(stream, *captured, replays); },
      std::move(graph));
}

std::vector<Subject> GpuSeries::subjects() const {
  std::vector<Subject> subjects;
  if (!impl_) return subjects;
  for (const Impl::One& one : impl_->all)
    subjects.push_back({.name = fmt::format("{}, {}", one.implementation, name_of(one.clock)),
                        .sample_us = one.sample_us,
                        .samples = one.samples});
  return subjects;
}

std::vector<reports::Series> GpuSeries::series(
    const std::vector<std::vector<double>>& samples) const {
  std::vector<reports::Series> result;
  if (!impl_) return result;
  const double lowest = kThrottledBelow * impl_->sm_clock.max_mhz();
  for (std::size_t i = 0; i < impl_->all.size(); ++i) {
    const Impl::One& one = impl_->all[i];
    reports::Series& series = result.emplace_back();
    series.implementation = one.implementation;
    series.clock = one.clock;
    for (std::size_t k = 0; k < samples[i].size(); ++k) {
      const double mhz = one.clocks.at(k);
      if (mhz > 0 && mhz < lowest) {
        ++series.dropped;
        continue;
      }
      series.samples_us.push_back(samples[i][k]);
      series.turns.push_back(static_cast<std::int64_t>(k));
      series.sm_clock_mhz.push_back(mhz);
    }
    if (series.samples_us.empty()) {
      series.state = reports::SeriesState::not_timed;
      series.detail = "the GPU was throttled at every sample";
    }
  }
  return result;
}

std::string gpu_description() {
  const std::string driver = SmClock(gpu_pci_bus_id()).driver();
  return driver.empty() ? gpu_name() : fmt::format("{}, driver {}", gpu_name(), driver);
}

#else

struct GpuSeries::Impl {};
GpuSeries::GpuSeries(const GpuSamples& options) : options_(options) {}
GpuSeries::~GpuSeries() = default;
void GpuSeries::start() { throw std::logic_error("this build has no CUDA"); }
void GpuSeries::add_cold(const std::string&, Stream, const std::function<void()>&) { start(); }
void GpuSeries::add_graph(const std::string&, Stream, const std::function<void()>&) { start(); }
std::vector<Subject> GpuSeries::subjects() const { return {}; }
std::vector<reports::Series> GpuSeries::series(const std::vector<std::vector<double>>&) const {
  return {};
}
std::string gpu_description() { throw std::logic_error("this build has no CUDA"); }

#endif

}  // namespace packproof::harness
