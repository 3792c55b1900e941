#include "harness/bench/row_timer.h"

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "harness/candidates/prepared_run.h"
#include "harness/memory/call_memory.h"
#include "harness/timing/gpu_series.h"
#include "harness/timing/host_timer.h"
#include "reference/core/libtorch.h"
#include "reports/comparison/change.h"

namespace packproof::harness {
namespace {

using reference::RowLayout;
using reports::Clock;
using reports::Series;
using reports::SeriesState;

constexpr int kFewestSamples = reports::kFewestPairs;  // fewer tell compare nothing
constexpr double kRunsASample = 3;
// In turns: long enough for a cold first run not to matter where runs are short, and short against
// what else goes on at the machine.
constexpr double kBurst_s = 5e-3;
// Odd, so that one round has the median ratio. Of 96 equal series on a busy machine of two cores,
// 30 turns each, the interval of the ratio lay within 5 % for 94 with 3 rounds, for all with 5, and
// within 3.5 % for all with 9.
constexpr int kFewestRounds = 5, kMostRounds = 9;

// Whether glibc gives a temporary's pages back and has the kernel clear new ones at each run
// depends on what the process did before: two processes of one program differed by a factor of two.
// On a GPU LibTorch keeps freed memory too.
void keep_freed_memory() {
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

Series not_timed(std::string implementation, Clock clock, std::string why) {
  return {.implementation = std::move(implementation),
          .clock = clock,
          .state = SeriesState::not_timed,
          .detail = std::move(why)};
}

// What will be timed, and the series that its samples go to.
struct Timed {
  Series series;
  Subject subject;
};

Timed host_timed(std::string implementation, std::function<void()> run,
                 const TimingOptions& options) {
  run = slowed(std::move(run), options.slowdown);
  run();  // makes caches
  const double once_s = thread_seconds_of(run);
  // Each sample is of several runs.
  const int samples = std::clamp(static_cast<int>(options.series_seconds / (kRunsASample * once_s)),
                                 std::min(kFewestSamples, options.samples), options.samples);
  const double sample_s = options.series_seconds / samples;
  Timed timed;
  timed.series = {.implementation = implementation, .clock = Clock::host};
  timed.subject = {.name = std::move(implementation), .sample_us = {}, .samples = samples};
  if (options.in_turns) {
    const double rounds = sample_s / std::max(once_s, kBurst_s);
    timed.subject.rounds =
        std::clamp(static_cast<int>(rounds), kFewestRounds, kMostRounds) | 1;  // odd
    timed.subject.sample_us = fastest_run_us(std::move(run), kBurst_s, /*fewest=*/1);
  } else {
    timed.subject.sample_us = fastest_run_us(std::move(run), sample_s);
  }
  return timed;
}

// Memory that a process can have without swapping; file caches count, since they give way.
double available_bytes() {
  std::ifstream memory("/proc/meminfo");
  for (std::string line; std::getline(memory, line);)
    if (long long kib = 0; std::sscanf(line.c_str(), "MemAvailable: %lld kB", &kib) == 1)
      return static_cast<double>(kib) * 1024;
  return std::numeric_limits<double>::infinity();
}

// Temporaries of LibTorch's backward graphs are many times what goes in and out. An allocation that
// fails on a GPU is an exception; on a host the whole process is stopped.
void refuse_if_too_large(const reports::BenchRow& row, RowLayout layout) {
  constexpr double kTemporaries = 16;
  const double tokens = static_cast<double>(std::max<std::int64_t>(row.valid_tokens, 1));
  const double rows = layout == RowLayout::padded ? static_cast<double>(row.padded_tokens) : tokens;
  const double needed = row.bytes * rows / tokens * kTemporaries;
  const double free = available_bytes();
  if (needed > free)
    throw Refusal(fmt::format("about {:.1f} GiB would be needed, {:.1f} are free", needed / 0x1p30,
                              free / 0x1p30));
}

}  // namespace

class RowTimer::Impl {
 public:
  Impl(const PlannedRow& planned, const TimingOptions& options)
      : planned_(planned),
        options_(options),
        memory_(planned.the_case, planned.op->form.signature(planned.the_case)),
        row_(planned.row) {}

  reference::TorchDevice libtorch_device() const {
    return options_.device() == Device::gpu ? reference::TorchDevice::cuda
                                            : reference::TorchDevice::cpu;
  }

  void add_candidate(const std::string& why_not) {
    if (!times_candidate(planned_, options_.device())) return;
    const bool on_gpu = options_.device() == Device::gpu;
    const std::string& name = options_.candidate.name;
    const Executor& executor = *options_.candidate.executor;
    if (!why_not.empty())
      return give_up(not_timed(name, on_gpu ? Clock::events_cold : Clock::host, why_not));
    candidate_ = executor.prepare(*planned_.op, without_guards(memory_.call()), Purpose::timing);
    bits_ = bits_of_candidate();
    const auto run = [this] { candidate_->run(); };
    if (!on_gpu) return add(host_timed(name, run, options_));
    gpu_.add_cold(name, candidate_->stream(), run);
    if (const std::string why = executor.why_not_captured(*planned_.op); !why.empty())
      give_up(not_timed(name, Clock::graph_warm, why));
    else
      gpu_.add_graph(name, candidate_->stream(), run);
  }

  void add_baseline(RowLayout layout, reference::TorchDevice device, const std::string& why_not) {
    if (planned_.op->bench.baseline == nullptr) return;
    const std::string name(name_of(layout));
    const bool on_gpu = device == reference::TorchDevice::cuda;
    try {
      if (!why_not.empty()) throw Refusal(why_not);
      if (!on_gpu) refuse_if_too_large(row_, layout);
      const auto run = planned_.op->bench.baseline(memory_.call(), layout, device).run;
      if (on_gpu)
        gpu_.add_cold(name, nullptr, run);
      else
        add(host_timed(name, run, options_));
    } catch (const Refusal& refusal) {
      give_up(not_timed(name, on_gpu ? Clock::events_cold : Clock::host, refusal.what()));
    }
  }

  std::vector<Subject> subjects() const {
    std::vector<Subject> subjects = gpu_.subjects();
    for (const Timed& one : timed_) subjects.push_back(one.subject);
    return subjects;
  }

  reports::BenchRow finish(const std::vector<std::vector<double>>& samples) {
    std::vector<Series> all = gpu_.series(samples);
    for (std::size_t i = 0; i < timed_.size(); ++i) {
      all.push_back(std::move(timed_[i].series));
      all.back().samples_us = samples[samples.size() - timed_.size() + i];
      all.back().turns.resize(all.back().samples_us.size());
      std::iota(all.back().turns.begin(), all.back().turns.end(), 0);
    }
    if (candidate_ && bits_of_candidate() != bits_)
      for (Series& series : all)
        if (series.implementation == options_.candidate.name)
          series = not_timed(series.implementation, series.clock,
                             "its outputs were other ones after it was timed (contract C10)");
    for (Series& series : given_up_) all.push_back(std::move(series));
    row_.series = std::move(all);
    return std::move(row_);
  }

 private:
  std::uint64_t bits_of_candidate() {
    return bits_of_a_run(*candidate_, planned_.op->form, memory_.call());
  }
  void add(Timed timed) { timed_.push_back(std::move(timed)); }
  void give_up(Series series) { given_up_.push_back(std::move(series)); }

  const PlannedRow& planned_;
  const TimingOptions& options_;
  CallMemory memory_;
  reports::BenchRow row_;
  GpuSeries gpu_{{.samples = options_.samples, .series_seconds = options_.series_seconds}};
  std::unique_ptr<PreparedRun> candidate_;
  std::uint64_t bits_ = 0;
  std::vector<Timed> timed_;
  std::vector<Series> given_up_;
};

bool times_candidate(const PlannedRow& planned, Device device) {
  return device == Device::gpu || planned.row.part == reports::BenchPart::shapes;
}

reports::BenchRow untimed_row(const PlannedRow& planned, const Candidate& candidate,
                              const std::string& why) {
  reports::BenchRow row = planned.row;
  const Device device = candidate.executor->device();
  const bool on_gpu = device == Device::gpu;
  const auto add = [&](std::string_view name) {
    row.series.push_back(
        not_timed(std::string(name), on_gpu ? Clock::events_cold : Clock::host, why));
  };
  if (times_candidate(planned, device)) add(candidate.name);
  if (planned.op->bench.baseline != nullptr)
    for (const RowLayout layout : {RowLayout::packed, RowLayout::padded}) add(name_of(layout));
  return row;
}

RowTimer::RowTimer(const PlannedRow& planned, const TimingOptions& options,
                   const std::string& why_not) {
  // With more, whatever else runs on the host decides the times.
  reference::use_one_libtorch_thread();
  keep_freed_memory();
  impl_ = std::make_unique<Impl>(planned, options);
  impl_->add_candidate(why_not);
  const auto device = impl_->libtorch_device();
  const std::string why_no_libtorch = reference::why_no_libtorch(device);
  for (const RowLayout layout : {RowLayout::packed, RowLayout::padded})
    impl_->add_baseline(layout, device, why_no_libtorch);
}

RowTimer::~RowTimer() = default;

std::vector<Subject> RowTimer::subjects() const { return impl_->subjects(); }

reports::BenchRow RowTimer::finish(const std::vector<std::vector<double>>& samples) {
  reports::BenchRow row = impl_->finish(samples);
  const auto device = impl_->libtorch_device();
  impl_.reset();
  if (reference::why_no_libtorch(device).empty()) reference::free_libtorch_memory(device);
  return row;
}

}  // namespace packproof::harness
