#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cases/core/case_text.h"
#include "harness/cli/commands.h"
#include "harness/cli/help/list_texts.h"
#include "harness/cli/options/option_checks.h"
#include "harness/cli/options/selection_options.h"
#include "harness/selection/case_selection.h"

namespace packproof::harness {
namespace {

enum class What { cases, ops, candidates, bugs, contracts, workloads, words };

struct ListOptions {
  What what = What::cases;
  std::vector<std::string> names;
  Selection selection;
  std::string candidate{kDefaultCandidate};
};

std::vector<ListEntry> entries_of(What what, bool in_full) {
  switch (what) {
    case What::cases:
      return {};
    case What::ops:
      return op_entries(in_full);
    case What::candidates:
      return candidate_entries();
    case What::bugs:
      return bug_entries();
    case What::contracts:
      return contract_entries();
    case What::workloads:
      return workload_entries();
    case What::words:
      return word_entries();
  }
  return {};
}

// The entries of these names, in the order of the names. Throws CaseError for one that is none's.
std::vector<ListEntry> named(const std::vector<ListEntry>& entries,
                             const std::vector<std::string>& names) {
  std::vector<std::string> known;
  known.reserve(entries.size());
  for (const ListEntry& entry : entries) known.push_back(entry.name);
  std::vector<ListEntry> chosen;
  chosen.reserve(names.size());
  for (const std::string& name : names) {
    const auto found = std::ranges::find(known, name);
    if (found == known.end()) throw CaseError(unknown_name("name", name, known));
    chosen.push_back(entries[static_cast<std::size_t>(found - known.begin())]);
  }
  return chosen;
}

std::vector<ListEntry> filtered(std::vector<ListEntry> entries,
                                const std::vector<std::string>& filters) {
  std::erase_if(entries, [&](const ListEntry& entry) {
    return std::ranges::none_of(
        filters, [&](const std::string& filter) { return matches(filter, entry.name); });
  });
  if (entries.empty()) throw CaseError("--filter matches none of the names in this list");
  return entries;
}

ExitCode list_cases(const ListOptions& options) {
  Selection selection = options.selection;
  for (const std::string& name : options.names) selection.filters.push_back(name);
  for (const Case& c : select_cases(selection, find_candidate(options.candidate)))
    fmt::print("{}\n", descriptor_of(c));
  return ExitCode::pass;
}

ExitCode list(const ListOptions& options) {
  if (options.what == What::cases) return list_cases(options);
  std::vector<ListEntry> entries = entries_of(options.what, !options.names.empty());
  if (!options.names.empty()) entries = named(entries, options.names);
  if (!options.selection.filters.empty()) entries = filtered(entries, options.selection.filters);
  for (const ListEntry& entry : entries) fmt::print("{}", entry.text);
  if (options.what == What::ops) fmt::print("{}", common_fields_text());
  return ExitCode::pass;
}

}  // namespace

Command add_list_command(CLI::App& program) {
  const auto options = std::make_shared<ListOptions>();
  CLI::App* app = program.add_subcommand(
      "list", "List cases, ops with their tensors and fields, and what the words mean");
  add_choice<What>(*app, "what", options->what,
                   {{"cases", What::cases},
                    {"ops", What::ops},
                    {"candidates", What::candidates},
                    {"bugs", What::bugs},
                    {"contracts", What::contracts},
                    {"workloads", What::workloads},
                    {"words", What::words}},
                   "of what; cases by default");
  app->add_option("name", options->names,
                  "only these; an op by its name is told in full, with its tensors. Of cases: "
                  "filters")
      ->type_name("NAME");
  add_selection_options(*app, options->selection);
  add_candidate_option(*app, options->candidate);
  return {.app = app, .run = [options] { return list(*options); }};
}

}  // namespace packproof::harness
