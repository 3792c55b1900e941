#include "harness/pipeline/pipeline.h"

#include "harness/memory/call_memory.h"
#include "harness/pipeline/candidate_process.h"
#include "harness/pipeline/case_record.h"
#include "harness/pipeline/plain_runs.h"
#include "harness/pipeline/second_opinion.h"
#include "harness/verdict/judge.h"

namespace packproof::harness {

reports::Record judge(const Op& op, const Case& the_case, const Candidate& candidate,
                      const JudgeOptions& options) {
  CaseRecord record(op.form, the_case, candidate);
  if (!candidate.offers(the_case.op))
    return record.skipped(candidate.name + " does not offer " + the_case.op);

  // Inputs are rounded to their dtype here; everyone below sees these exact values.
  const Signature signature = op.form.signature(the_case);
  OwnProcess own;
  CandidateProcess& process = options.process ? *options.process : own;
  CallMemory memory = process.memory_of(the_case, signature);
  record.lap("inputs");

  const IsolatedResult ran = process.run(op, candidate, memory, options.timeout);
  record.lap("candidate");
  if (the_case.expect == Expect::refused) return record.expecting_refusal(ran);
  if (ran.ending != IsolatedResult::Ending::returned) return record.ended_early(ran);
  if (const auto trespass = memory.trespass()) return record.mismatch(*trespass);
  if (const auto wrong = wrong_return(ran.returned, memory.call())) return record.mismatch(*wrong);

  const ReferenceResult reference = op.reference(memory.call());
  record.lap("reference");
  const ReferenceResult padded = op.padded(memory.call());
  record.lap("padded baseline");
  if (const std::string why = disagreement(memory.call(), signature, reference, padded);
      !why.empty())
    return record.mistrusted(why);

  PlainRuns plain(op, the_case, signature, reference);
  record.lap("plain baseline");

  return record.judged(verdict::judge({.the_case = &the_case,
                                       .signature = &signature,
                                       .outputs = memory.call().outputs,
                                       .reference = &reference,
                                       .plain = plain.runs(),
                                       .further = [&](std::size_t i) { return plain.further(i); },
                                       .reach = op.form.reach,
                                       .what_if = {&memory.call(), op.reference},
                                       .specials_spread = op.works_in_chunks}));
}

}  // namespace packproof::harness
