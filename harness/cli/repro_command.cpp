#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/options/candidate_options.h"
#include "harness/cli/options/selection_options.h"
#include "harness/pipeline/case_pool.h"
#include "harness/pipeline/pipeline.h"
#include "harness/selection/case_arguments.h"
#include "harness/selection/case_selection.h"
#include "reports/records/failure_text.h"
#include "reports/records/summary.h"
#include "reports/text/printable_text.h"

namespace packproof::harness {
namespace {

using reports::Outcome;

void print_units(const reports::Record& record) {
  bool any_unit = false;
  for (const reports::TensorReport& tensor : record.tensors) {
    fmt::print("  {} {}, by {}: {} of {} elements wrong\n", tensor.name, tensor.dtype,
               tensor.judged, tensor.wrong_elements, tensor.elements);
    for (const reports::UnitReport& unit : tensor.worst)
      fmt::print(
          "    worst {:<18} {:<28} error {:.2e}  base {:.2e}  floor {:.2e}  limit {:.2e}  "
          "{} of {} failed\n",
          unit.kind, unit.where, unit.error, unit.base, unit.floor, unit.limit, unit.failed,
          unit.units);
    if (!tensor.segment_errors.empty())
      fmt::print("    by segment  {}\n", reports::explained_strip(tensor.segment_errors));
    any_unit |= !tensor.worst.empty();
  }
  if (any_unit) fmt::print("  what base, floor and limit are: packproof list words\n");
}

ExitCode exit_code_of(const reports::Record& record, bool harness_failed) {
  if (harness_failed) return ExitCode::infrastructure;
  if (is_failure(record)) return ExitCode::mismatch;
  if (record.outcome == Outcome::mistrusted) return ExitCode::inconclusive;
  return record.outcome == Outcome::skipped ? ExitCode::all_skipped : ExitCode::pass;
}

// What the file says of the run that saved it; its candidate may be another than today's.
void print_saved(const SavedVerdict& saved, const reports::Record& record) {
  std::string text =
      fmt::format("      saved      under {}{}{}: {}\n", saved.candidate,
                  saved.schedule.empty() ? "" : ", schedule ", saved.schedule, saved.reason);
  if (saved.candidate != record.candidate || saved.schedule != record.schedule)
    text += fmt::format("      to repeat  {}\n", saved.repeat);
  fmt::print("{}", reports::printable(text));
}

void print_pass(const reports::Record& record, bool name_candidate) {
  fmt::print("PASS  {}\n", record.descriptor);
  if (name_candidate) fmt::print("      candidate  {}\n", record.candidate);
  if (!record.schedule.empty() && record.schedule != reports::kDefaultSchedule)
    fmt::print("      schedule   {}\n", record.schedule);
  if (!record.detail.empty()) fmt::print("      {}\n", record.detail);
}

ExitCode repro(const std::vector<std::string>& arguments, const Candidate& candidate,
               double timeout_s) {
  std::vector<Case> cases;
  std::map<std::string, SavedVerdict> saved;
  for (const std::string& argument : arguments)
    for (CaseFile& file : cases_named(argument)) {
      if (file.saved) saved[descriptor_of(file.the_case)] = std::move(*file.saved);
      cases.push_back(std::move(file.the_case));
    }
  cases = narrowed(std::move(cases), {}, candidate);
  ExitCode worst = ExitCode::pass;
  const JudgeOptions judge{
      .timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_s * 1000))};
  for (const Case& c : cases) {
    const auto [record, harness_failed] = run_case(c, candidate, judge);
    const auto before = saved.find(record.descriptor);
    if (record.outcome == Outcome::pass)
      print_pass(record, before != saved.end() || record.candidate != kDefaultCandidate);
    else
      fmt::print("{}", reports::failure_text(record));
    if (before != saved.end()) print_saved(before->second, record);
    print_units(record);
    for (const auto& [stage, elapsed_us] : record.elapsed_us)
      fmt::print("  {:>10.3f} ms  {}\n", elapsed_us / 1000, stage);
    if (worst == ExitCode::pass) worst = exit_code_of(record, harness_failed);
  }
  return worst;
}

}  // namespace

Command add_repro_command(CLI::App& program) {
  struct Options {
    std::vector<std::string> cases;
    CandidateOptions candidate;
    double timeout_s = 60;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* app =
      program.add_subcommand("repro", "Repeat a case alone, with everything that is known of it");
  app->add_option("case", options->cases,
                  "descriptors, case files (.json), folders of case files, or - for stdin")
      ->required();
  add_candidate_options(*app, options->candidate);
  add_timeout_option(*app, options->timeout_s);
  return {.app = app, .run = [options] {
            return repro(options->cases, chosen_candidate(options->candidate), options->timeout_s);
          }};
}

}  // namespace packproof::harness
