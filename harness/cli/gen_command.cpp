#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "cases/files/case_file.h"
#include "harness/cli/commands.h"
#include "harness/cli/options/selection_options.h"
#include "harness/cli/outputs/failing_cases.h"
#include "harness/ops/op_list.h"
#include "harness/selection/case_selection.h"
#include "reports/files/atomic_file.h"
#include "reports/text/printable_text.h"

namespace packproof::harness {
namespace {

std::string case_file_text(const Case& c) {
  return format_case_file({.the_case = c, .title = descriptor_of(c), .why = ""},
                          find_op(c.op)->form);
}

ExitCode gen(const Selection& selection, const std::string& out) {
  const std::vector<Case> cases = select_cases(selection, find_candidate(kDefaultCandidate));
  if (out.empty()) {
    if (cases.size() > 1)
      throw CaseError(fmt::format("{} cases are selected: give --out DIR to write a file for each",
                                  cases.size()));
    fmt::print("{}", case_file_text(cases.front()));
    return ExitCode::pass;
  }
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error) throw CaseError(fmt::format("cannot make the folder {}: {}", out, error.message()));
  for (const Case& c : cases)
    reports::write_file_atomically(out + "/" + case_file_name(c), case_file_text(c));
  fmt::print("{} in {}\n", reports::counted(std::ssize(cases), "case file"), out);
  return ExitCode::pass;
}

}  // namespace

Command add_gen_command(CLI::App& program) {
  struct Options {
    Selection selection;
    std::string out;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("gen", "Write case files, from descriptors or a tier");
  app->add_option("case", options->selection.cases, "descriptors, each one argument");
  add_selection_options(*app, options->selection);
  app->add_option("--out", options->out, "folder for one file a case; none: one case, to stdout")
      ->type_name("DIR");
  return {.app = app, .run = [options] { return gen(options->selection, options->out); }};
}

}  // namespace packproof::harness
