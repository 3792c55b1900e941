// A benchmark run with something of everything, for the tests of reports/.
#pragma once

#include <limits>

#include "reports/bench/bench_run.h"

namespace packproof::reports {

inline BenchRow sample_shapes_row() {
  return {.part = BenchPart::shapes,
          .op = "causal_conv1d",
          .direction = "bwd",
          .model = "Qwen3.5-35B-A3B TP 2",
          .lengths = "gsm8k",
          .descriptor = "causal_conv1d:bwd dtype=bf16 channels=4096 len=100,300 seed=1",
          .judged = "causal_conv1d:bwd dtype=bf16 channels=4096 len=10,30 seed=1",
          .segments = 2,
          .valid_tokens = 400,
          .padded_tokens = 600,
          .padding_share = 1.0 / 3,
          .longest_share = 0,
          .bytes = 2e6,
          .flops = 3e7,
          .padded_flops = 4.5e7,
          .series = {{.implementation = "cuda",
                      .clock = Clock::events_cold,
                      .samples_us = {20.5, 19.25, 20},
                      .sm_clock_mhz = {1980, 1965, 1980},
                      .dropped = 2,
                      .turns = {0, 2, 4}},
                     {.implementation = "cuda", .clock = Clock::graph_warm, .samples_us = {10}},
                     {.implementation = "padded LibTorch",
                      .clock = Clock::events_cold,
                      .detail = "without its unpadding",
                      .samples_us = {40, 50, 30}},
                     {.implementation = "packed LibTorch",
                      .clock = Clock::events_cold,
                      .state = SeriesState::refused,
                      .detail = "9000 GB/s, where a copy reached 4000",
                      .samples_us = {0.2}}}};
}

inline BenchRow sample_break_even_row() {
  BenchRow row = sample_shapes_row();
  row.part = BenchPart::break_even;
  row.op = "sequence_index";
  row.direction = "fwd";
  row.model.clear();
  row.lengths = "50% padding, 25% longest";
  row.descriptor = row.judged = "sequence_index:fwd len=4,1,1,2 seed=1";
  row.longest_share = 0.25;
  row.flops = row.padded_flops = 0;
  row.series = {{.implementation = "simt",
                 .clock = Clock::host,
                 .state = SeriesState::not_timed,
                 .detail = "mismatch; see packproof repro 'x'\nsecond line"},
                {.implementation = "padded LibTorch",
                 .clock = Clock::host,
                 .samples_us = {std::numeric_limits<double>::infinity()}}};
  return row;
}

inline BenchRun sample_full_bench_run() {
  return {.environment = {.packproof_version = "0.1.0", .commit = "abc1234", .cpu = "Xeon"},
          .device = "NVIDIA H200, driver 580.1",
          .command = "packproof bench --json \"out.json\"",
          .started = "2026-01-02T03:04:05Z",
          .elapsed_s = 61.5,
          .turns_id = "2026-01-02T03:04:05Z 17",
          .ceilings = {.copy_gb_s = 4000, .matmul_tflop_s = 700, .how = "a copy of 2 GiB"},
          .rows = {sample_shapes_row(), sample_break_even_row()}};
}

}  // namespace packproof::reports
