#include "harness/cli/help/list_texts.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/language/common_fields.h"
#include "cases/language/contracts.h"
#include "cases/language/words.h"
#include "cases/lengths/workload.h"
#include "harness/candidates/candidate.h"
#include "harness/cli/help/op_tensors.h"
#include "harness/ops/op_list.h"
#include "reports/text/wrapped_text.h"

namespace packproof::harness {
namespace {

using reports::wrapped;

std::string values_of(const FieldSpec& field) {
  switch (field.kind) {
    case FieldSpec::Kind::integer:
      return fmt::format("{}..{}", field.min, field.max);
    case FieldSpec::Kind::choice:
      return fmt::format("{}{}", fmt::join(field.choices, "|"),
                         field.refused.empty() ? ""
                                               : fmt::format(" ({} must be refused)",
                                                             fmt::join(field.refused, ", ")));
    case FieldSpec::Kind::word:
      return fmt::format("{} (any other word must be refused)", fmt::join(field.choices, "|"));
  }
  return {};
}

std::string field_text(std::string_view name, std::string_view values, std::string_view fallback,
                       std::string_view help) {
  const std::string begin = fallback.empty()
                                ? fmt::format("{}={}", name, values)
                                : fmt::format("{}={}  (default {})", name, values, fallback);
  return fmt::format("    {}\n{}", begin, wrapped(help, 8));
}

std::string op_text(const OpForm& form, bool in_full) {
  std::string text = form.name;
  for (const Direction direction : form.directions) text += fmt::format(" :{}", name_of(direction));
  for (const DType dtype : form.dtypes) text += fmt::format(" {}", name_of(dtype));
  text += fmt::format("  contracts {}\n", fmt::join(form.contracts, " "));
  if (in_full && !form.fields.empty()) text += "  fields\n";
  for (const FieldSpec& field : form.fields)
    text += field_text(field.name, values_of(field), field.fallback, field.help);
  if (!in_full) return text;
  for (const Direction direction : form.directions) text += op_tensors_text(form, direction);
  text += "  T: rows of the packed layout (cap); S: segments\n";
  if (form.ranks != nullptr) text += "  each case runs on as many ranks as its fields say\n";
  return text;
}

}  // namespace

std::string common_fields_text() {
  std::string text = "fields of every op\n";
  for (const CommonField& field : common_fields())
    text += field_text(field.key, field.values, field.fallback, field.help);
  return text;
}

std::vector<ListEntry> op_entries(bool in_full) {
  std::vector<ListEntry> entries;
  for (const Op& op : all_ops()) entries.push_back({op.form.name, op_text(op.form, in_full)});
  return entries;
}

std::vector<ListEntry> candidate_entries() {
  std::vector<ListEntry> entries;
  for (const std::string& name : candidate_names()) entries.push_back({name, name + "\n"});
  return entries;
}

std::vector<ListEntry> bug_entries() {
  std::vector<ListEntry> entries;
  for (const Op& op : all_ops())
    for (const SeededBug& bug : op.form.seeded_bugs)
      entries.push_back({bug.id, fmt::format("{}  {}\n    {}\n    caught by {}\n",
                                             seeded_name(kDefaultCandidate, bug.id), bug.fault,
                                             bug.thread, bug.caught_by)});
  return entries;
}

std::vector<ListEntry> contract_entries() {
  std::vector<ListEntry> entries;
  for (const Contract& contract : contracts()) {
    std::vector<std::string_view> ops;
    for (const Op& op : all_ops())
      if (std::ranges::find(op.form.contracts, contract.id) != op.form.contracts.end())
        ops.push_back(op.form.name);
    std::string text = fmt::format("{}\n{}{}", contract.id, wrapped(contract.rule, 4),
                                   wrapped(fmt::format("Shown by: {}.", contract.shown), 4));
    if (!ops.empty()) text += wrapped(fmt::format("Ops: {}.", fmt::join(ops, ", ")), 4);
    entries.push_back({std::string(contract.id), text});
  }
  return entries;
}

std::vector<ListEntry> workload_entries() {
  std::vector<ListEntry> entries;
  for (const Workload& workload : workloads()) {
    std::vector<std::int64_t> sorted = workload.lengths;
    std::ranges::sort(sorted);
    entries.push_back(
        {workload.name,
         fmt::format("{0}  {1} sequences, median {2} tokens, longest {3}; len={0}@32768 packs the "
                     "first {4} of them\n    {5}, counted by {6}\n",
                     workload.name, sorted.size(), sorted[sorted.size() / 2], sorted.back(),
                     sequences_within(workload, 32768), workload.source, workload.tokenizer)});
  }
  return entries;
}

std::vector<ListEntry> word_entries() {
  std::vector<ListEntry> entries;
  for (const Word& word : words())
    entries.push_back(
        {std::string(word.word), fmt::format("{}\n{}", word.word, wrapped(word.meaning, 4))});
  return entries;
}

}  // namespace packproof::harness
