#include "reports/records/failure_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "cases/core/call.h"
#include "cases/lengths/segment_lengths.h"
#include "reports/records/failure_text.h"

namespace packproof::reports {
namespace {

constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();

// Of "op:fwd ... len=5,3 ...".
std::int64_t tokens_of(std::string_view descriptor) {
  constexpr std::string_view kKey = " len=";
  const std::size_t key = descriptor.find(kKey);
  if (key == std::string_view::npos) return kUnknown;
  const std::string_view rest = descriptor.substr(key + kKey.size());
  try {
    const std::vector<std::int64_t> lengths = parse_lengths(rest.substr(0, rest.find(' ')));
    return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
  } catch (const CaseError&) {
    return kUnknown;  // a run of another version
  }
}

bool counts_as_failure(const Record& record, Inconclusive inconclusive) {
  const Standing standing = standing_of(record, inconclusive);
  return standing == Standing::failed || standing == Standing::errored;
}

void put_smallest_first(std::vector<const Record*>& records) {
  std::vector<std::pair<CaseSize, const Record*>> sized;
  sized.reserve(records.size());
  for (const Record* record : records) sized.emplace_back(size_of(*record), record);
  std::stable_sort(sized.begin(), sized.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::transform(sized.begin(), sized.end(), records.begin(),
                 [](const auto& one) { return one.second; });
}

}  // namespace

FailureKind kind_of(const Record& record) {
  FailureKind kind{.op = record.op, .direction = record.direction, .outcome = record.outcome};
  if (record.mismatch) {
    kind.tensor = record.mismatch->tensor;
    kind.fault = record.mismatch->fault;
  }
  return kind;
}

std::string kind_text(const FailureKind& kind) {
  std::string text = fmt::format("{}:{}", kind.op, kind.direction);
  if (!kind.tensor.empty()) text += " " + kind.tensor;
  if (!kind.fault.empty()) return text + ", looks like " + kind.fault;
  if (kind.outcome == Outcome::mismatch) return text + ", of no known kind";
  if (kind.outcome == Outcome::timed_out) return text + " timed out";
  return fmt::format("{} {}", text, name_of(kind.outcome));
}

CaseSize size_of(const Record& record) {
  CaseSize size{.tokens = tokens_of(record.descriptor)};
  for (const TensorReport& tensor : record.tensors) size.elements += tensor.elements;
  return size;
}

std::vector<FailureGroup> failure_groups(std::span<const Record> records,
                                         Inconclusive inconclusive) {
  std::vector<FailureGroup> groups;
  std::map<FailureKind, std::size_t> places;
  for (const Record& record : records) {
    if (!counts_as_failure(record, inconclusive)) continue;
    const auto [place, is_new] = places.try_emplace(kind_of(record), groups.size());
    if (is_new) groups.push_back({.kind = place->first});
    groups[place->second].records.push_back(&record);
  }
  for (FailureGroup& group : groups) put_smallest_first(group.records);
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return a.records.size() > b.records.size();
  });
  return groups;
}

std::string group_text(const FailureGroup& group) {
  std::string text = failure_text(*group.records.front());
  const std::size_t more = group.records.size() - 1;
  if (more > 0)
    text += fmt::format("      alike      {} more, none smaller; --json has each\n", more);
  return text;
}

}  // namespace packproof::reports
