// What one `packproof bench` left behind: the plain data that comparisons and reports are made
// from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reports/records/record.h"

namespace packproof::reports {

// What a time is of. Times of different clocks are never compared.
enum class Clock : std::uint8_t {
  events_cold,  // CUDA events around one run, the L2 cache flushed before each
  graph_warm,   // CUDA events around replays of a CUDA graph, over their number; a warm L2 cache
  host,         // CPU time, the fastest of a few runs a sample: says nothing about a GPU
};

std::string_view name_of(Clock clock);

enum class SeriesState : std::uint8_t {
  timed,
  not_timed,  // `detail` says why: it did not pass, cannot run here, its memory would not fit, ...
  refused,    // timed, but faster than the measured ceilings allow: the samples mean nothing
};

std::string_view name_of(SeriesState state);

// Times of one implementation of one row under one clock.
struct Series {
  std::string implementation;  // "cuda", "simt", "packed LibTorch", "padded LibTorch", "fla", ...
  Clock clock = Clock::host;
  SeriesState state = SeriesState::timed;
  std::string detail;                // why not timed, or what the times include; may be empty
  std::vector<double> samples_us;    // raw, in the order in which they were taken
  std::vector<double> sm_clock_mhz;  // as many, read before each sample; empty where there is none
  std::int64_t dropped = 0;          // samples left out because the GPU was throttled
  // In a run with a turns_id: the turn that each sample was taken in, ascending. Samples of one
  // turn in both runs were taken right after each other.
  std::vector<std::int64_t> turns;
};

// What the row is there to show; each is a section of the report.
enum class BenchPart : std::uint8_t {
  shapes,      // layers of real models over families of lengths
  tokens,      // one shape over total tokens
  segments,    // one shape and total over the number of segments
  break_even,  // packed against padded, over padding share and length skew
};

std::string_view name_of(BenchPart part);

// One case, with the times of everything that ran it.
struct BenchRow {
  BenchPart part = BenchPart::shapes;
  std::string op, direction;
  std::string model;       // "Qwen3.5-35B-A3B TP 2", or empty
  std::string lengths;     // "gsm8k", "equal", ...
  std::string descriptor;  // of the case that is timed: with `part` the row's stable name
  std::string judged;      // of the case that passed before: the same one, or one with fewer tokens
  std::int64_t segments = 0, valid_tokens = 0;
  std::int64_t padded_tokens = 0;  // segments x the longest
  double padding_share = 0;        // 1 - valid / padded tokens
  double longest_share = 0;        // break_even: share of segments that are as long as the longest
  // By the definition and over valid tokens only: each input read and each output written once.
  double bytes = 0, flops = 0;
  double padded_flops = 0;  // the same over padded tokens
  std::vector<Series> series;
};

// What the same machine reached in the same run; 0 where it was not measured.
struct Ceilings {
  double copy_gb_s = 0;       // read and written bytes of a large copy
  double matmul_tflop_s = 0;  // a large matrix product
  std::string how;            // "cudaMemcpy of 2 GiB; bf16 matmul of 8192"
};

struct BenchRun {
  Environment environment;
  std::string device;   // "NVIDIA H200, driver 580.159.04", or the CPU and the threads used
  std::string command;  // as given
  std::string started;  // ISO 8601, UTC
  double elapsed_s = 0;
  // The same in two runs whose builds took turns (bench --against); empty in any other.
  std::string turns_id;
  Ceilings ceilings;
  std::vector<BenchRow> rows;
};

// The shortest time that bytes and FLOPs allow at the ceilings; 0 without ceilings.
double floor_us(const BenchRow& row, const Ceilings& ceilings);

// "chunk_gated_delta_rule:fwd Qwen3.5-35B-A3B TP 2 gsm8k": for people; not unique.
std::string title_of(const BenchRow& row);

inline constexpr std::string_view kBenchSchema = "packproof.bench/1";

// As JSON and back, by the rules of json_report.h. Reading throws ReportError.
std::string bench_json(const BenchRun& run);
BenchRun read_bench_json(std::string_view text, const std::string& origin);

// One row as a line of JSON, and back: how processes hand rows on. Reading throws ReportError.
std::string row_line(const BenchRow& row);
BenchRow read_row_line(std::string_view line);

}  // namespace packproof::reports
