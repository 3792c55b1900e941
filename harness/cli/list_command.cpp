#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/case_selection.h"
#include "harness/cli/commands.h"
#include "harness/cli/selection_options.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

enum class What { cases, ops, candidates, bugs };

std::string describe_field(const FieldSpec& field) {
  std::string values;
  switch (field.kind) {
    case FieldSpec::Kind::integer:
      values = fmt::format("{}..{}", field.min, field.max);
      break;
    case FieldSpec::Kind::choice:
      values = fmt::format("{}", fmt::join(field.choices, "|"));
      break;
    case FieldSpec::Kind::word:
      values = "word";
      break;
  }
  return fmt::format("    {}={}  (default {})  {}\n", field.name, values, field.fallback,
                     field.help);
}

void list_ops() {
  for (const Op& op : all_ops()) {
    fmt::print("{}", op.form.name);
    for (const Direction direction : op.form.directions) fmt::print(" :{}", name_of(direction));
    for (const DType dtype : op.form.dtypes) fmt::print(" {}", name_of(dtype));
    fmt::print("  contracts {}\n", fmt::join(op.form.contracts, " "));
    for (const FieldSpec& field : op.form.fields) fmt::print("{}", describe_field(field));
  }
}

void list_bugs() {
  for (const Op& op : all_ops())
    for (const SeededBug& bug : op.form.seeded_bugs)
      fmt::print("seeded:{}  {}\n    {}\n    caught by {}\n", bug.id, bug.fault, bug.thread,
                 bug.caught_by);
}

ExitCode list(What what, const Selection& selection, const std::string& candidate) {
  switch (what) {
    case What::cases:
      for (const Case& c : select_cases(selection, find_candidate(candidate)))
        fmt::print("{}\n", descriptor_of(c));
      break;
    case What::ops:
      list_ops();
      break;
    case What::candidates:
      fmt::print("{}\n", fmt::join(candidate_names(), "\n"));
      break;
    case What::bugs:
      list_bugs();
      break;
  }
  return ExitCode::pass;
}

}  // namespace

Command add_list_command(CLI::App& program) {
  struct Options {
    What what = What::cases;
    Selection selection;
    std::string candidate{kDefaultCandidate};
  };
  const auto options = std::make_shared<Options>();
  CLI::App* app =
      program.add_subcommand("list", "List cases, ops with their fields, or candidates");
  static const std::map<std::string, What> whats = {{"cases", What::cases},
                                                    {"ops", What::ops},
                                                    {"candidates", What::candidates},
                                                    {"bugs", What::bugs}};
  app->add_option("what", options->what, "cases (default), ops, candidates or bugs")
      ->transform(CLI::CheckedTransformer(whats).description(""))
      ->type_name("WHAT");
  add_selection_options(*app, options->selection);
  add_candidate_option(*app, options->candidate);
  return {.app = app,
          .run = [options] { return list(options->what, options->selection, options->candidate); }};
}

}  // namespace packproof::harness
