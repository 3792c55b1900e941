#include "harness/peers/peer_times.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/language/descriptor.h"
#include "harness/ops/op_list.h"
#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/records/record_json.h"

namespace packproof::harness {
namespace {

using reports::Json;
using reports::JsonFields;
using reports::ReportError;

std::string text_or_empty(const Json& value, JsonFields& fields, const char* name) {
  return value.contains(name) ? fields.text(name) : std::string();
}

double positive(JsonFields& fields, const char* name) {
  const double number = fields.number(name);
  if (!std::isfinite(number) || number <= 0)
    throw ReportError(
        fmt::format("{} must be greater than 0, found {}", fields.path_of(name), number));
  return number;
}

bool is_ceiling(const Json& value) {
  return value.is_object() && value.contains("op") && !value.contains("error") &&
         (value["op"] == "copy" || value["op"] == "matmul");
}

// By our own name the direction stands beside it; nothing for an op that we do not have.
std::optional<PeerOp> op_of(const Json& value, JsonFields& fields, const std::string& name) {
  if (!value.contains("direction")) return peer_op(name);
  const std::string direction = fields.text("direction");
  if (direction != "fwd" && direction != "bwd")
    throw ReportError(fmt::format("{} must be \"fwd\" or \"bwd\", found \"{}\"",
                                  fields.path_of("direction"), direction));
  if (find_op(name) == nullptr) return std::nullopt;
  return PeerOp{name, direction == "fwd" ? Direction::fwd : Direction::bwd};
}

Case case_of(const std::string& descriptor, const PeerOp& op, const std::string& where) {
  try {
    Case the_case = parse_descriptor(descriptor, op_lookup());
    if (the_case.op == op.op && the_case.direction == op.direction) return the_case;
  } catch (const CaseError& error) {
    throw ReportError(fmt::format("{}: {}", where, error.what()));
  }
  throw ReportError(
      fmt::format("{} \"{}\" is not of {}:{}", where, descriptor, op.op, name_of(op.direction)));
}

// What is filled in with which values takes no time, and slack is not read.
bool is_same_work(const Case& peer, const Case& ours) {
  return peer.op == ours.op && peer.direction == ours.direction && peer.dtype == ours.dtype &&
         peer.lengths == ours.lengths && peer.capacity == ours.capacity &&
         peer.raw_cu_seqlens == ours.raw_cu_seqlens && peer.fields == ours.fields;
}

reports::Series series_of(const Json& value, JsonFields& fields) {
  reports::Series series{.implementation = fields.text("peer"),
                         .clock = reports::Clock::events_cold};
  if (value.contains("error")) {
    series.state = reports::SeriesState::not_timed;
    series.detail = fields.text("error");
  } else {
    series.samples_us = {positive(fields, "ms") * 1e3};
    series.detail = "a median that peers.py measured in another process";
  }
  return series;
}

}  // namespace

PeerTimes::Entry PeerTimes::read_entry(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  const std::string name = fields.text("op");
  const std::string descriptor = text_or_empty(value, fields, "descriptor");
  const std::string shape = text_or_empty(value, fields, value.contains("cfg") ? "cfg" : "shape");
  Entry entry{.title = fmt::format("{} {} '{}'", name, fields.text("peer"),
                                   descriptor.empty() ? shape : descriptor),
              .series = series_of(value, fields)};
  if (descriptor.empty() && shape.empty())
    throw ReportError(fmt::format("{} has none of cfg, shape and descriptor", where));
  const std::optional<PeerOp> op = op_of(value, fields, name);
  if (!op) {
    entry.why_not = "no op of ours";
  } else if (!descriptor.empty()) {
    entry.the_case = case_of(descriptor, *op, fields.path_of("descriptor"));
  } else {
    entry.shape = parse_peer_shape(*op, shape);
    if (!entry.shape) entry.why_not = "its shape is not understood";
    if (entry.shape && entry.shape->longest) entry.series.detail += "; padded";
  }
  return entry;
}

void PeerTimes::add_ceiling(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  const double ms = positive(fields, "ms");
  if (!ceilings_) ceilings_ = reports::Ceilings{.how = "peers.py"};
  const bool is_copy = fields.text("op") == "copy";
  double& reached = is_copy ? ceilings_->copy_gb_s : ceilings_->matmul_tflop_s;
  reached = std::max(reached, is_copy ? positive(fields, "bytes") / ms * 1e-6
                                      : positive(fields, "flop") / ms * 1e-9);
  ceilings_->how +=
      fmt::format("; {} {} of {}", fields.text("peer"), fields.text("op"), fields.text("cfg"));
}

PeerTimes::PeerTimes(const std::string& path) {
  const Json document = reports::parse_json(reports::read_whole_file(path), path);
  try {
    if (!document.is_array()) throw ReportError("it must be a list");
    entries_.reserve(document.size());
    std::size_t index = 0;
    for (const Json& value : document) {
      const std::string where = fmt::format("[{}]", index++);
      if (is_ceiling(value))
        add_ceiling(value, where);
      else
        entries_.push_back(read_entry(value, where));
    }
  } catch (const ReportError& error) {
    throw ReportError(fmt::format("'{}' is no file of peers' times: {}; peers.py writes one", path,
                                  error.what()));
  }
}

std::vector<reports::Series> PeerTimes::series_for(const Case& the_case) {
  std::vector<reports::Series> found;
  for (Entry& entry : entries_) {
    const bool fits = entry.the_case ? is_same_work(*entry.the_case, the_case)
                                     : entry.shape && is_shape_of(*entry.shape, the_case);
    if (!fits) continue;
    entry.matched = true;
    found.push_back(entry.series);
  }
  return found;
}

std::vector<std::string> PeerTimes::unmatched() const {
  std::vector<std::string> titles;
  for (const Entry& entry : entries_)
    if (!entry.matched)
      titles.push_back(fmt::format("{}: {}", entry.title,
                                   entry.why_not.empty() ? "no such row" : entry.why_not));
  return titles;
}

}  // namespace packproof::harness
