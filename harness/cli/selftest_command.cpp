#include <memory>

#include <fmt/format.h>

#include "cases/language/descriptor.h"
#include "harness/cli/commands.h"
#include "harness/cli/options/selection_options.h"
#include "harness/ops/op_list.h"
#include "harness/pipeline/case_pool.h"
#include "reports/records/failure_text.h"

namespace packproof::harness {
namespace {

using reports::Outcome;
using reports::Record;

// Empty if the seeded bug is caught where it should be and its healthy twin passes. Where the case
// must be refused, the bug is to run it, and has no tensor to be caught in.
std::string escape(const SeededBug& bug, Expect expect, const Record& seeded,
                   const Record& healthy) {
  if (healthy.outcome != Outcome::pass)
    return "the healthy twin does not pass: " + reports::reason_line(healthy);
  const bool runs_refused = expect == Expect::refused;
  const bool crashes = bug.tensor.empty() && !runs_refused;
  if (seeded.outcome != (crashes ? Outcome::crashed : Outcome::mismatch))
    return fmt::format("not caught: {}", reports::name_of(seeded.outcome));
  if (crashes || runs_refused) return {};
  if (seeded.mismatch->tensor != bug.tensor)
    return fmt::format("caught in {}, not in {}", seeded.mismatch->tensor, bug.tensor);
  if (bug.segment >= 0 && seeded.mismatch->segment != bug.segment)
    return fmt::format("caught in segment {}, not in {}", seeded.mismatch->segment.value_or(-1),
                       bug.segment);
  return {};
}

ExitCode selftest(const std::string& candidate) {
  int escaped = 0;
  int bugs = 0;
  for (const Op& op : all_ops()) {
    for (const SeededBug& bug : op.form.seeded_bugs) {
      const Case c = parse_descriptor(bug.caught_by, op_lookup());
      const Candidate with_bug = find_candidate(seeded_name(candidate, bug.id));
      const Record healthy = run_case(c, find_candidate(candidate)).record;
      const Record seeded = run_case(c, with_bug).record;
      const std::string why = escape(bug, c.expect, seeded, healthy);
      fmt::print("{}  {:<20} {}\n", why.empty() ? "caught " : "ESCAPED", bug.id,
                 why.empty() ? reports::reason_line(seeded) : why);
      ++bugs;
      escaped += why.empty() ? 0 : 1;
    }
  }
  fmt::print("{} of {} seeded bugs caught\n", bugs - escaped, bugs);
  return escaped == 0 ? ExitCode::pass : ExitCode::mismatch;
}

}  // namespace

Command add_selftest_command(CLI::App& program) {
  CLI::App* app = program.add_subcommand(
      "selftest",
      "Show that each seeded bug is caught by its case and that the healthy twin passes");
  const auto candidate = std::make_shared<std::string>(kDefaultCandidate);
  app->add_option("--candidate", *candidate, "whose kernels the bugs are put into: simt or cuda")
      ->type_name("NAME")
      ->capture_default_str();
  return {.app = app, .run = [candidate] { return selftest(*candidate); }};
}

}  // namespace packproof::harness
