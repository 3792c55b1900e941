// Benchmark runs for the tests of reports/, with something of everything: made up, but shaped as
// real ones are.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "reports/bench/bench_run.h"
#include "reports/testing/sample_report.h"

namespace packproof::reports {

struct SampleMachine {
  std::string device = "NVIDIA H200, driver 580.159.04";
  std::string started = "2026-01-03T10:00:00Z";
  double slowness = 1;  // of every time
  bool host = false;    // times of the host executor, without ceilings
  std::vector<std::string> ops = {"causal_conv1d", "chunk_gated_delta_rule", "pack"};
};

class SampleBench {
 public:
  explicit SampleBench(SampleMachine machine) : machine_(std::move(machine)) {}

  BenchRun run() {
    BenchRun run;
    run.environment = sample_report().environment;
    run.environment.cuda = machine_.host ? "no nvcc; no device" : "nvcc 13.0.88; a device is there";
    run.device = machine_.device;
    run.command = "packproof bench --json bench.json";
    run.started = machine_.started;
    run.elapsed_s = 184;
    if (!machine_.host) run.ceilings = {4120, 790, "cudaMemcpy of 2 GiB; bf16 matmul of 8192"};
    for (const std::string& op : machine_.ops) {
      for (const char* direction : {"fwd", "bwd"}) add_rows(run, op, direction);
    }
    return run;
  }

 private:
  void add_rows(BenchRun& run, const std::string& op, const std::string& direction) {
    for (const char* model : {"Qwen3.5-35B-A3B TP 2", "Qwen3.5-9B"})
      for (const auto& [lengths, segments] :
           {std::pair{"gsm8k", 98}, {"code", 21}, {"equal", 16}}) {
        BenchRow row = row_of(BenchPart::shapes, op, direction, 16384, segments);
        row.model = model;
        row.lengths = lengths;
        run.rows.push_back(with_series(std::move(row)));
      }
    for (std::int64_t tokens = 1024; tokens <= 65536; tokens *= 2)
      run.rows.push_back(
          with_series(row_of(BenchPart::tokens, op, direction, tokens, tokens / 512)));
    for (std::int64_t segments = 1; segments <= 1024; segments *= 4)
      run.rows.push_back(with_series(row_of(BenchPart::segments, op, direction, 16384, segments)));
    for (const double padding : {0.0, 0.2, 0.4, 0.6, 0.8})
      for (const double longest : {0.05, 0.25, 0.5, 1.0}) {
        BenchRow row = row_of(BenchPart::break_even, op, direction, 16384, 32);
        row.padding_share = padding;
        row.longest_share = longest;
        row.padded_tokens = static_cast<std::int64_t>(16384 / (1 - padding));
        run.rows.push_back(with_series(std::move(row)));
      }
  }

  static BenchRow row_of(BenchPart part, const std::string& op, const std::string& direction,
                         std::int64_t tokens, std::int64_t segments) {
    const auto count = static_cast<double>(tokens);
    const double passes = direction == "bwd" ? 2.5 : 1;
    BenchRow row{.part = part, .op = op, .direction = direction, .lengths = "equal"};
    row.segments = segments;
    row.valid_tokens = tokens;
    row.padding_share = segments > 1 ? 0.35 : 0;
    row.padded_tokens = static_cast<std::int64_t>(count / (1 - row.padding_share));
    row.bytes = passes * count * 4 * 4096;
    if (op == "causal_conv1d") row.flops = passes * count * 4096 * 10;
    if (op == "chunk_gated_delta_rule") row.flops = passes * count * 32 * 128 * 128 * 8;
    row.padded_flops = row.flops / (1 - row.padding_share);
    row.descriptor = op + ":" + direction + " dtype=bf16 len=" + std::to_string(segments) + "*" +
                     std::to_string(tokens / segments) + " seed=1";
    row.judged = row.descriptor;
    return row;
  }

  BenchRow with_series(BenchRow row) {
    // The least that the ceilings of run() allow, and a launch.
    const double least = std::max(row.bytes / 4.12e6, row.flops / 7.9e8) + 2.5;
    const double padded = static_cast<double>(row.padded_tokens) /
                          static_cast<double>(std::max<std::int64_t>(row.valid_tokens, 1));
    if (machine_.host) {
      row.series = {timed("simt", Clock::host, least * 9000, 7),
                    timed("packed LibTorch", Clock::host, least * 400, 7),
                    timed("padded LibTorch", Clock::host, least * 380 * padded, 7)};
      return row;
    }
    const std::string loop = "a launch for each segment";
    for (const Clock clock : {Clock::events_cold, Clock::graph_warm}) {
      const double warm = clock == Clock::graph_warm ? 0.82 : 1;
      row.series.push_back(timed("cuda", clock, least * 1.35 * warm, 40));
      Series packed = timed("packed LibTorch", clock,
                            warm * (least * 1.6 + 3.0 * static_cast<double>(row.segments)), 40);
      packed.detail = loop;
      row.series.push_back(std::move(packed));
      row.series.push_back(timed("padded LibTorch", clock, least * 1.25 * padded * warm, 40));
    }
    Series fla{.implementation = "fla", .clock = Clock::events_cold};
    if (row.op == "chunk_gated_delta_rule" && row.model != "Qwen3.5-9B") {
      fla = timed("fla", Clock::events_cold, least * 1.7, 40);
    } else if (row.op == "pack") {
      fla.state = SeriesState::not_timed;
      fla.detail = "fla has no such op";
    } else {
      fla = timed("fla", Clock::events_cold, least * 0.4, 40);
      fla.state = SeriesState::refused;
      fla.detail = "112 % of the copy ceiling: it did not do the work";
    }
    row.series.push_back(std::move(fla));
    return row;
  }

  Series timed(const std::string& implementation, Clock clock, double us, int samples) {
    Series series{.implementation = implementation, .clock = clock};
    for (int i = 0; i < samples; ++i) {
      series.samples_us.push_back(us * machine_.slowness * (1 + 0.04 * noise()));
      if (clock != Clock::host) series.sm_clock_mhz.push_back(i % 9 == 0 ? 1965 : 1980);
    }
    series.dropped = clock == Clock::host ? 0 : samples / 20;
    return series;
  }

  // From 0 to 1, the same on every machine.
  double noise() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state_ >> 40U) / static_cast<double>(1U << 24U);
  }

  SampleMachine machine_;
  std::uint64_t state_ = 1;
};

inline BenchRun sample_bench(SampleMachine machine = {}) {
  return SampleBench(std::move(machine)).run();
}

}  // namespace packproof::reports
