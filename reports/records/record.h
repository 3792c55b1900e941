// What one case left behind: the plain data that every report is made from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packproof::reports {

enum class Outcome : std::uint8_t {
  pass,
  mismatch,    // a wrong value, an unwritten element, a wrong return type, a missing refusal, ...
  refused,     // the candidate rejected a case that it should have run
  skipped,     // not run: the candidate does not offer this op, or a known bug
  mistrusted,  // the harness cannot judge: limits too wide, or reference and baseline disagree
  crashed,     // the candidate's process died
  timed_out,   // the candidate's process was stopped after --timeout
};

std::string_view name_of(Outcome outcome);

// The worst unit of one kind in one tensor: "segment 3, head 1" among all "segment x head" units.
struct UnitReport {
  std::string kind;         // "segment", "segment x head", "token", "boundary window", "state", ...
  std::string where;        // which unit
  double error = 0;         // E(candidate)
  double base = 0;          // E(plain baseline), the maximum over its seeds
  double floor = 0;         // E(reference rounded to the output's dtype)
  double limit = 0;         // the largest error that passes
  std::int64_t units = 0;   // units of this kind that were judged
  std::int64_t failed = 0;  // units of this kind beyond their limit
  std::int64_t blind = 0;   // units of this kind that passed by a limit too wide to be trusted

  // How many times the error fits in its limit; infinite for no error.
  double margin() const;
};

struct TensorReport {
  std::string name;
  std::string dtype;
  std::string judged;  // "bits" or "tolerance"
  std::int64_t elements = 0;
  std::int64_t wrong_elements = 0;  // bits: unequal; tolerance: beyond the elementwise bound
  std::vector<UnitReport> worst;    // one a kind
  // Error / limit of each segment, for the strip in reports; failing tensors only.
  std::vector<double> segment_errors;
};

// The first thing that went wrong, as exactly as it can be said.
struct Mismatch {
  std::string tensor;
  std::string check;  // "unit error", "elementwise bound", "bits", "unwritten", "slack", "canary",
                      // "nan", "input modified", "return type", "refusal"
  std::optional<std::int64_t> segment, head, token;  // token: row in the packed layout
  std::optional<std::int64_t> token_in_segment;
  std::string index;      // full index of the element: "[12, 3, 64]"
  std::string got, want;  // both values
  double error = 0, limit = 0;
  std::string fault;    // what kind of fault it looks like; empty if it fits none
  std::string because;  // what in the output says so, one line; empty without a fault
};

inline constexpr std::string_view kDefaultSchedule = "default";

struct Record {
  std::string descriptor;  // canonical; the case's stable name
  std::string op;
  std::string direction;
  std::string candidate;
  std::string schedule;  // kDefaultSchedule, "random:7", "race:1"; empty: not on the host executor
  std::string contract;
  std::string source;
  std::string expected;  // "pass" or "refused"
  Outcome outcome = Outcome::skipped;
  std::string detail;  // one line: why; for a crash the last lines that the process wrote
  bool known_bug = false;
  std::vector<TensorReport> tensors;
  std::optional<Mismatch> mismatch;
  std::string repro;  // the command that repeats it
  // Host time of each stage in microseconds: "inputs", "candidate", "reference", "baseline", ...
  std::vector<std::pair<std::string, double>> elapsed_us;
};

struct Environment {
  std::string packproof_version, commit, compiler, build_type, sanitizers, cpu, os, libtorch, cuda;
};

inline constexpr std::int64_t kMostShards = 1'000'000;

// The cases that a run set out to judge: not all of a selection in a shard.
struct Scope {
  std::string selection;     // the same for runs of the same cases by the same candidate
  std::int64_t cases = 0;    // of the selection, in all shards
  std::int64_t planned = 0;  // of those, this run's
  std::vector<std::int64_t> shards = {1};  // from 1; several in a merged run
  std::int64_t shard_count = 1;
  bool merged = false;          // put together from its shards
  std::string ended_by;         // what ended it early: "interrupted", "--fail-fast"
  std::int64_t taken_over = 0;  // records that an earlier run had made
};

struct RunReport {
  Environment environment;
  std::string command;  // as given
  std::string started;  // ISO 8601, UTC
  double elapsed_s = 0;
  std::optional<Scope> scope;  // none in reports of earlier versions
  std::vector<Record> records;
};

}  // namespace packproof::reports
