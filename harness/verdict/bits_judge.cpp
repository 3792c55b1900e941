// Data movement and indices: every element has the reference's bits.
#include <fmt/format.h>

#include <cmath>

#include "harness/evidence/output_judge.h"
#include "harness/memory/element_bits.h"
#include "harness/memory/poison.h"
#include "harness/verdict/failure_log.h"

namespace packproof::verdict {
namespace {

bool holds_exactly(DType dtype, double value) {
  switch (dtype) {
    case DType::uint8:
      return value == std::nearbyint(value) && value >= 0 && value <= 255;
    case DType::int32:
      return value == std::nearbyint(value) && value >= -0x1p31 && value < 0x1p31;
    // Beyond 2^53 a double no longer tells neighbouring integers apart.
    case DType::int64:
      return value == std::nearbyint(value) && std::abs(value) <= 0x1p53;
    default:
      return true;
  }
}

}  // namespace

OutputJudgement judge_bits(const OutputEvidence& evidence, const OutputLayout& layout) {
  const OutputSpec& spec = *evidence.spec;
  const Tensor& got = evidence.candidate.got;
  const ReferenceTensor& want = *evidence.candidate.want;
  OutputJudgement result;
  FailureLog log(layout);
  std::vector<double> wrong(static_cast<std::size_t>(layout.segment_count()), 0);

  for (std::int64_t start = 0; start < got.count(); start += layout.run_length()) {
    const std::int64_t row = layout.row_of(start);
    const std::int64_t segment = layout.segment_of_row(row);
    for (std::int64_t e = start; e < start + layout.run_length(); ++e) {
      if (layout.is_slack_row(row)) {
        check_slack(evidence, e, log);
        continue;
      }
      const auto i = static_cast<std::size_t>(e);
      if (want.bits.empty() && !holds_exactly(spec.dtype, want.value[i])) {
        result.doubt = fmt::format("the reference of {} is {} at element {}, which {} cannot hold",
                                   spec.name, want.value[i], e, name_of(spec.dtype));
        log.keep_only_what_needs_no_reference();
        result.mismatch = log.most_telling(evidence);
        return result;
      }
      const std::uint64_t bits =
          want.bits.empty() ? memory::bits_from(spec.dtype, want.value[i]) : want.bits[i];
      if (memory::bits_of(got, e) == bits) continue;
      log.add(memory::is_poison(got, e) ? Check::unwritten : Check::bits, e);
      ++result.report.wrong_elements;
      if (segment >= 0) ++wrong[static_cast<std::size_t>(segment)];
    }
  }
  result.mismatch = log.most_telling(evidence);
  // Bits have no limit to divide by: 1 + the number of wrong elements, so that more than 1 fails.
  if (result.mismatch && layout.rows() != OutputLayout::Rows::first_axis)
    for (double count : wrong) result.report.segment_errors.push_back(count > 0 ? 1 + count : 0);
  return result;
}

}  // namespace packproof::verdict
