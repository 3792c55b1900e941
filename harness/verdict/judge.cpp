#include "harness/verdict/judge.h"

#include <fmt/format.h>

#include <exception>
#include <stdexcept>

#include "harness/evidence/output_judge.h"
#include "harness/evidence/output_layout.h"
#include "harness/verdict/range_check.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;

void require(bool holds, const std::string& what) {
  if (!holds) throw std::invalid_argument(what);
}

// Pairs an output with its reference. Throws std::invalid_argument where they do not fit.
JudgedPair pair_up(const OutputSpec& spec, const std::vector<Tensor>& outputs,
                   const ReferenceResult* reference, std::size_t i, std::string_view whose) {
  const std::string name = fmt::format("{} of {}", spec.name, whose);
  require(reference != nullptr, fmt::format("no reference for {}", name));
  require(i < outputs.size(), fmt::format("{} is missing", name));
  require(i < reference->size(), fmt::format("the reference has no {}", name));
  const Tensor& got = outputs[i];
  const ReferenceTensor& want = (*reference)[i];
  require(want.name == spec.name,
          fmt::format("the reference has {} in place of {}", want.name, name));
  require(got.dtype == spec.dtype && got.dims == spec.dims,
          fmt::format("{} has not the dtype or dims of its signature", name));
  require(got.data != nullptr || got.count() == 0, fmt::format("{} has no data", name));
  const auto count = static_cast<std::size_t>(got.count());
  const bool by_bits = spec.judged == Judged::bits && !want.bits.empty();
  require((by_bits ? want.bits.size() : want.value.size()) == count,
          fmt::format("the reference of {} has not its {} elements", name, count));
  require(want.magnitude.empty() || want.magnitude.size() == count,
          fmt::format("the magnitude of {} has not its {} elements", name, count));
  return {got, &want};
}

// What there is to judge the i-th output by. Throws std::invalid_argument where it does not fit.
OutputEvidence part_of(const Evidence& evidence, const OutputSpec& spec, std::size_t i) {
  const bool by_bits = spec.judged == Judged::bits;
  require(by_bits || is_floating(spec.dtype),
          fmt::format("{} holds integers, which have no tolerance", spec.name));
  OutputEvidence part{.the_case = evidence.the_case,
                      .spec = &spec,
                      .candidate = {},
                      .plain = {},
                      .reach = evidence.reach,
                      .boundary_window = evidence.signature->boundary_window,
                      .specials_spread = evidence.specials_spread};
  part.candidate = pair_up(spec, evidence.outputs, evidence.reference, i, "the candidate");
  if (by_bits) return part;
  for (const PlainRun& run : evidence.plain)
    part.plain.push_back(pair_up(spec, run.outputs, run.reference, i, "a plain run"));
  if (evidence.further)
    part.further = [&evidence, &spec, i](std::size_t seed) {
      const PlainRun run = evidence.further(seed);
      return pair_up(spec, run.outputs, run.reference, i, "a further plain run");
    };
  return part;
}

// Of the first output that cannot be judged for its range, and then no other can be either.
std::string find_beyond_range(const Evidence& evidence) {
  const std::vector<OutputSpec>& specs = evidence.signature->outputs;
  std::string why;
  for (std::size_t i = 0; i < specs.size() && why.empty(); ++i) {
    if (specs[i].judged == Judged::bits) continue;
    try {
      why =
          beyond_range(part_of(evidence, specs[i], i), OutputLayout(specs[i], *evidence.the_case));
    } catch (const std::invalid_argument&) {
      continue;  // said when that output is judged
    }
  }
  return why;
}

struct JudgedAs {
  std::string unsound;  // why no value can be held against the reference; or empty
  bool ask = false;     // the reference may be asked what kind of fault it is, which takes a while
};

OutputJudgement judge(const Evidence& evidence, const OutputSpec& spec, std::size_t i,
                      const JudgedAs& how) {
  OutputJudgement result;
  try {
    const bool by_bits = spec.judged == Judged::bits;
    OutputEvidence part = part_of(evidence, spec, i);
    part.unsound = how.unsound;
    if (how.ask && evidence.what_if.reference) part.what_if = &evidence.what_if;
    const OutputLayout layout(spec, *evidence.the_case);
    if (layout.element_total() > 0)
      result = by_bits ? judge_bits(part, layout) : judge_tolerance(part, layout);
  } catch (const std::exception& error) {
    result = {};
    result.doubt = fmt::format("{} cannot be judged: {}", spec.name, error.what());
  }
  result.report.name = spec.name;
  result.report.dtype = name_of(spec.dtype);
  result.report.judged = spec.judged == Judged::bits ? "bits" : "tolerance";
  result.report.elements = element_count(spec.dims);
  return result;
}

std::string describe(const reports::Mismatch& m) {
  std::string text = fmt::format("{}: {}", m.tensor, m.check);
  if (m.segment) text += fmt::format(" in segment {}", *m.segment);
  text += fmt::format(" at {}: got {}, want {}", m.index, m.got, m.want);
  if (m.error > 0) text += fmt::format(", error {:.3g} over its limit {:.3g}", m.error, m.limit);
  if (!m.fault.empty()) text += fmt::format(" ({})", m.fault);
  return text;
}

}  // namespace

Verdict judge(const Evidence& evidence) {
  Verdict result;
  if (!evidence.the_case || !evidence.signature) {
    result.detail = "no case or no signature to judge by";
    return result;
  }
  const std::vector<OutputSpec>& specs = evidence.signature->outputs;
  std::string doubt;
  if (specs.empty()) doubt = "the signature has no outputs";
  if (evidence.outputs.size() > specs.size())
    doubt = "there are more outputs than the signature has";
  const std::string unsound = find_beyond_range(evidence);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    OutputJudgement judged = judge(evidence, specs[i], i, {unsound, !result.mismatch});
    if (!result.mismatch) result.mismatch = std::move(judged.mismatch);
    if (doubt.empty()) doubt = std::move(judged.doubt);
    result.tensors.push_back(std::move(judged.report));
  }
  result.outcome = result.mismatch  ? Outcome::mismatch
                   : !doubt.empty() ? Outcome::mistrusted
                                    : Outcome::pass;
  if (result.mismatch) result.detail = describe(*result.mismatch);
  if (!doubt.empty()) result.detail += (result.mismatch ? "; also " : "") + doubt;
  return result;
}

}  // namespace packproof::verdict
