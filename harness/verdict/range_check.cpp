#include "harness/verdict/range_check.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/verdict/cell_sums.h"

namespace packproof::verdict {
namespace {

std::string say(const OutputEvidence& evidence, const OutputLayout& layout, std::int64_t element,
                const ElementView& plain) {
  return fmt::format(
      "{} is beyond the range of its arithmetic: at {} plain fp32 code gives {:.4g}, where the "
      "definition has {:.4g}",
      evidence.spec->name, layout.place_of(element).index, plain.got, plain.want);
}

}  // namespace

std::string beyond_range(const OutputEvidence& evidence, const OutputLayout& layout) {
  const JudgedPair* plain = evidence.plain_of_these_inputs();
  if (evidence.spec->bound != ElementBound::none || evidence.the_case->fill == Fill::specials)
    return {};
  const DType dtype = evidence.spec->dtype;
  for (std::int64_t start = 0; start < layout.element_total(); start += layout.run_length()) {
    if (layout.is_slack_row(layout.row_of(start))) continue;
    for (std::int64_t e = start; e < start + layout.run_length(); ++e) {
      const double want = evidence.candidate.want->value[static_cast<std::size_t>(e)];
      if (!std::isfinite(want)) continue;
      if (!std::isfinite(memory::rounded(dtype, want)))
        return fmt::format(
            "{} is beyond {}: the definition reaches {:.4g} at {}, and what a recurrence makes of "
            "an infinity is not defined",
            evidence.spec->name, name_of(dtype), want, layout.place_of(e).index);
      if (plain != nullptr && !std::isfinite(load(plain->got, e)))
        return say(evidence, layout, e, view_element(*plain, e));
    }
  }
  return {};
}

std::string wrong_in_plain_run(const OutputEvidence& evidence, const OutputLayout& layout,
                               std::int64_t element) {
  const JudgedPair* plain = evidence.plain_of_these_inputs();
  if (plain == nullptr) return {};
  const ElementView run = view_element(*plain, element);
  if (run.is_allowed(evidence.spec->bound != ElementBound::none)) return {};
  return say(evidence, layout, element, run);
}

}  // namespace packproof::verdict
