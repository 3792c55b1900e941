#include "harness/pipeline/case_record.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/language/descriptor.h"

namespace packproof::harness {

using reports::Outcome;
using reports::Record;

CaseRecord::CaseRecord(const OpForm& form, const Case& the_case, const Candidate& candidate) {
  record_.descriptor = format_descriptor(the_case, form);
  record_.op = the_case.op;
  record_.direction = name_of(the_case.direction);
  record_.candidate = candidate.name;
  record_.schedule = candidate.schedule;
  record_.contract = the_case.contract;
  record_.source = the_case.source;
  record_.expected = name_of(the_case.expect);
  record_.repro = repro_command(record_.descriptor, candidate);
}

void CaseRecord::lap(const std::string& stage) {
  const auto now = std::chrono::steady_clock::now();
  record_.elapsed_us.emplace_back(stage,
                                  std::chrono::duration<double, std::micro>(now - last_).count());
  last_ = now;
}

Record CaseRecord::skipped(std::string why) {
  record_.outcome = Outcome::skipped;
  record_.detail = std::move(why);
  return std::move(record_);
}

Record CaseRecord::mistrusted(std::string why) {
  record_.outcome = Outcome::mistrusted;
  record_.detail = std::move(why);
  return std::move(record_);
}

Record CaseRecord::mismatch(reports::Mismatch what) {
  record_.outcome = Outcome::mismatch;
  record_.mismatch = std::move(what);
  return std::move(record_);
}

Record CaseRecord::ended_early(const IsolatedResult& ran) {
  using Ending = IsolatedResult::Ending;
  if (ran.ending == Ending::other_bits)
    return mismatch({.tensor = ran.tensor,
                     .check = "same bits in every run",
                     .got = ran.message,
                     .want = "the bits of the first run"});
  record_.outcome = ran.ending == Ending::refused     ? Outcome::refused
                    : ran.ending == Ending::timed_out ? Outcome::timed_out
                                                      : Outcome::crashed;
  record_.detail = ran.message;
  return std::move(record_);
}

Record CaseRecord::expecting_refusal(const IsolatedResult& ran) {
  using Ending = IsolatedResult::Ending;
  if (ran.ending != Ending::refused && ran.ending != Ending::returned) return ended_early(ran);
  if (ran.ending == Ending::refused) {
    record_.outcome = Outcome::pass;
    record_.detail = "refused, as it should: " + ran.message;
    return std::move(record_);
  }
  return mismatch({.check = "refusal",
                   .got = fmt::format("ran, and returned {}", fmt::join(ran.returned, ", ")),
                   .want = "a clear refusal before any launch"});
}

Record CaseRecord::judged(verdict::Verdict verdict) {
  lap("verdict");
  record_.outcome = verdict.outcome;
  record_.tensors = std::move(verdict.tensors);
  record_.mismatch = std::move(verdict.mismatch);
  // A mismatch says the same at greater length.
  if (!record_.mismatch) record_.detail = std::move(verdict.detail);
  return std::move(record_);
}

std::optional<reports::Mismatch> wrong_return(const Returned& returned, const Call& call) {
  const Returned wanted = all_outputs(call);
  if (returned == wanted) return std::nullopt;
  return reports::Mismatch{.tensor = wanted.empty() ? "" : wanted.front(),
                           .check = "return type",
                           .got = fmt::format("({})", fmt::join(returned, ", ")),
                           .want = fmt::format("({})", fmt::join(wanted, ", "))};
}

std::string repro_command(const std::string& descriptor, const Candidate& candidate) {
  std::string command = fmt::format("packproof repro '{}'", descriptor);
  if (candidate.name != kDefaultCandidate)
    command += fmt::format(" --candidate '{}'", candidate.name);
  if (!candidate.schedule.empty() && candidate.schedule != reports::kDefaultSchedule)
    command += " --schedule " + candidate.schedule;
  if (candidate.comm != Comm::threads)
    command += fmt::format(" --comm {}", name_of(candidate.comm));
  if (candidate.runs > 1) command += fmt::format(" --repeat {}", candidate.runs);
  return command;
}

}  // namespace packproof::harness
