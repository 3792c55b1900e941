#include "reports/records/failure_text.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

constexpr int kLabelColumns = 11;

// Adds "      label      value"; further lines of the value are indented as far as the first.
void add_line(std::string& text, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  text += fmt::format("      {:{}}", label, kLabelColumns);
  while (!value.empty() && value.back() == '\n') value.remove_suffix(1);
  for (const char c : value) {
    text += c;
    if (c == '\n') text.append(6 + kLabelColumns, ' ');
  }
  text += '\n';
}

std::string head_line(const Record& record) {
  return fmt::format(
      "{}  {}\n", headline_word(record),
      record.descriptor.empty() ? record.op + ":" + record.direction : record.descriptor);
}

const TensorReport* tensor_named(const Record& record, std::string_view name) {
  for (const TensorReport& tensor : record.tensors)
    if (tensor.name == name) return &tensor;
  return nullptr;
}

bool is_wrong(const TensorReport& tensor) {
  return tensor.wrong_elements > 0 || std::any_of(tensor.worst.begin(), tensor.worst.end(),
                                                  [](const UnitReport& u) { return u.failed > 0; });
}

std::string tensor_line(const TensorReport& tensor) {
  std::string line = fmt::format("{} {}, by {}", tensor.name, tensor.dtype, tensor.judged);
  if (tensor.wrong_elements > 0)
    line += fmt::format(", {} of {} elements wrong", tensor.wrong_elements, tensor.elements);
  for (const UnitReport& unit : tensor.worst)
    if (unit.failed > 0)
      line += fmt::format(", {}: {} of {} wrong", unit.kind, unit.failed, unit.units);
  return line;
}

std::string place_line(const Mismatch& mismatch) {
  std::vector<std::string> parts;
  if (mismatch.segment) parts.push_back(fmt::format("segment {}", *mismatch.segment));
  if (mismatch.token && mismatch.token_in_segment) {
    parts.push_back(
        fmt::format("token {} (its token {})", *mismatch.token, *mismatch.token_in_segment));
  } else if (mismatch.token) {
    parts.push_back(fmt::format("token {}", *mismatch.token));
  } else if (mismatch.token_in_segment) {
    parts.push_back(fmt::format("its token {}", *mismatch.token_in_segment));
  }
  if (mismatch.head) parts.push_back(fmt::format("head {}", *mismatch.head));
  std::string line = fmt::format("{}", fmt::join(parts, ", "));
  if (!mismatch.index.empty())
    line += fmt::format("{}index {}", line.empty() ? "" : ": ", mismatch.index);
  return line;
}

// Checks that allow no difference at all have no error to hold against a limit.
std::string_view exact_check_text(std::string_view check) {
  if (check == "bits") return "bits differ; no difference is allowed";
  if (check == "unwritten") return "unwritten: every element must be written";
  if (check == "slack") return "slack rows do not hold what the op's contract says";
  if (check == "canary") return "canary: memory outside the buffer was written";
  if (check == "nan") return "NaN and infinities must be where the reference has them";
  if (check == "input modified") return "input modified: inputs must stay as they were";
  if (check == "return type") return "return type: not what the op returns";
  if (check == "refusal") return "refusal: this case must be refused, and was run";
  return {};
}

std::string error_line(const Record& record, const Mismatch& mismatch) {
  const bool is_infinite = mismatch.got == "inf" || mismatch.got == "-inf";
  if (mismatch.check == "nan" && is_infinite && mismatch.want != "nan" &&
      mismatch.want.find("inf") == std::string::npos)
    return "overflow: infinite, where the reference is finite";
  const std::string_view exact = exact_check_text(mismatch.check);
  const bool has_error = mismatch.error != 0 || mismatch.limit != 0;
  if (!has_error) return exact.empty() ? mismatch.check : std::string(exact);
  std::string judged_by = mismatch.check;
  if (const TensorReport* tensor = tensor_named(record, mismatch.tensor)) {
    for (const UnitReport& unit : tensor->worst) {
      if (mismatch.check != "unit error" || unit.error != mismatch.error ||
          unit.limit != mismatch.limit)
        continue;
      judged_by += fmt::format(" of {}", unit.where.empty() ? unit.kind : unit.where);
      break;
    }
  }
  return fmt::format("{} ({})", against_limit(mismatch.error, mismatch.limit), judged_by);
}

void add_mismatch(std::string& text, const Record& record, const Mismatch& mismatch) {
  const TensorReport* tensor = tensor_named(record, mismatch.tensor);
  add_line(text, "tensor", tensor != nullptr ? tensor_line(*tensor) : mismatch.tensor);
  add_line(text, "where", place_line(mismatch));
  add_line(text, "got", mismatch.got);
  add_line(text, "want", mismatch.want);
  add_line(text, "error", error_line(record, mismatch));
  if (tensor != nullptr && tensor->segment_errors.size() > 1)
    add_line(text, "segments", explained_strip(tensor->segment_errors));
  add_line(text, "looks like", mismatch.fault.empty() ? "no known kind of fault" : mismatch.fault);
  add_line(text, "because", mismatch.because);
}

}  // namespace

std::string_view headline_word(const Record& record) {
  if (record.known_bug && record.outcome != Outcome::pass) return "KNOWN BUG";
  switch (record.outcome) {
    case Outcome::pass:
      return "PASS";
    case Outcome::mismatch:
      return "FAIL";
    case Outcome::refused:
      return "REFUSED";
    case Outcome::skipped:
      return "SKIPPED";
    case Outcome::mistrusted:
      return "MISTRUSTED";
    case Outcome::crashed:
      return "CRASHED";
    case Outcome::timed_out:
      return "TIMED OUT";
  }
  return "?";
}

std::string against_limit(double error, double limit) {
  if (std::isnan(error)) error = std::abs(error);  // whatever its sign
  std::string shown_error, shown_limit;
  for (int digits = 1; digits <= 16; ++digits) {
    shown_error = fmt::format("{:.{}e}", error, digits);
    shown_limit = fmt::format("{:.{}e}", limit, digits);
    if (shown_error != shown_limit || error == limit) break;
  }
  return fmt::format("{}, limit {}", shown_error, shown_limit);
}

std::string segment_strip(std::span<const double> segment_errors, std::size_t width) {
  const std::size_t count = segment_errors.size();
  const std::size_t marks = std::min(count, width);
  std::string strip;
  for (std::size_t mark = 0; mark < marks; ++mark) {
    char worst = '.';
    for (std::size_t i = mark * count / marks; i < (mark + 1) * count / marks; ++i) {
      const double error = segment_errors[i];
      if (!(error <= 1)) {  // also NaN
        worst = '#';
      } else if (error > 0.5 && worst == '.') {
        worst = 'o';
      }
    }
    strip += worst;
  }
  return strip;
}

std::string explained_strip(std::span<const double> segment_errors) {
  const std::string strip = segment_strip(segment_errors);
  return strip + (strip.find('o') == std::string::npos
                      ? "  (# is over its limit)"
                      : "  (o is beyond half of its limit, # over it)");
}

std::string reason_line(const Record& record) {
  if (!record.mismatch)
    return record.detail.empty() ? std::string(name_of(record.outcome)) : record.detail;
  const Mismatch& mismatch = *record.mismatch;
  std::string line = record.known_bug && !record.detail.empty() ? record.detail + "; " : "";
  line += mismatch.tensor + mismatch.index;
  if (!mismatch.got.empty() || !mismatch.want.empty())
    line += fmt::format("{}got {}, want {}", line.empty() ? "" : ": ", mismatch.got, mismatch.want);
  line += fmt::format("{}{}", line.empty() ? "" : "; ", mismatch.check);
  if (mismatch.error != 0 || mismatch.limit != 0)
    line += " " + against_limit(mismatch.error, mismatch.limit);
  if (!mismatch.fault.empty()) line += "; looks like " + mismatch.fault;
  return line;
}

std::string brief_failure_text(const Record& record) {
  return printable(
      fmt::format("{}      {}\n", head_line(record), first_columns(reason_line(record), 300)));
}

std::string failure_text(const Record& record) {
  std::string text = head_line(record);
  add_line(text, "candidate", record.candidate);
  if (record.schedule != kDefaultSchedule) add_line(text, "schedule", record.schedule);
  add_line(text, "contract", record.contract);
  if (record.mismatch) add_mismatch(text, record, *record.mismatch);
  for (const TensorReport& tensor : record.tensors)
    if (is_wrong(tensor) && record.mismatch && tensor.name != record.mismatch->tensor)
      add_line(text, "also wrong", tensor_line(tensor));
  add_line(text, "detail", record.detail);
  add_line(text, "thread", record.source);
  add_line(text, "repeat", record.repro);
  return printable(text);
}

}  // namespace packproof::reports
