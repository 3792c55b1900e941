#include "harness/verdict/failure_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>

#include "harness/looks_like/fault_kind.h"
#include "harness/memory/element_bits.h"
#include "harness/memory/poison.h"

namespace packproof::verdict {
namespace {

constexpr std::array<std::string_view, kChecks> kCheckNames = {
    "unwritten", "nan", "bits", "unit error", "elementwise bound", "slack"};

int digits_of(DType dtype) {
  switch (dtype) {
    case DType::bf16:
      return 4;
    case DType::fp16:
      return 5;
    case DType::fp32:
      return 9;
    default:
      return 17;
  }
}

std::string print_number(double value, int digits) {
  return fmt::format("{:.{}g}", without_nan_sign(value), digits);
}

std::string print_poison(DType dtype) {
  return fmt::format("poison {:#x}", memory::poison_bits(dtype));
}

std::string print_got(const OutputEvidence& evidence, std::int64_t element) {
  const Tensor& got = evidence.candidate.got;
  if (memory::is_poison(got, element)) return print_poison(got.dtype);
  if (evidence.spec->judged == Judged::bits)
    return print_bits(got.dtype, memory::bits_of(got, element));
  return print_value(got.dtype, load(got, element));
}

std::string print_want(const OutputEvidence& evidence, std::int64_t element, bool slack_row) {
  const DType dtype = evidence.spec->dtype;
  if (slack_row) return evidence.spec->slack == Slack::zero ? "0" : print_poison(dtype);
  const ReferenceTensor& want = *evidence.candidate.want;
  const auto i = static_cast<std::size_t>(element);
  if (evidence.spec->judged == Judged::bits)
    return print_bits(dtype,
                      want.bits.empty() ? memory::bits_from(dtype, want.value[i]) : want.bits[i]);
  // The reference is finer than the dtype: two more digits show where between neighbours it lies.
  return print_number(want.value[i], std::min(digits_of(dtype) + 2, 17));
}

}  // namespace

double without_nan_sign(double value) { return std::isnan(value) ? std::abs(value) : value; }

std::string print_value(DType dtype, double value) { return print_number(value, digits_of(dtype)); }

std::string print_bits(DType dtype, std::uint64_t bits) {
  const Tensor one{"", dtype, {}, &bits};
  if (is_floating(dtype)) return fmt::format("{} ({:#x})", print_value(dtype, load(one, 0)), bits);
  switch (dtype) {
    case DType::int64:
      return fmt::format("{}", static_cast<std::int64_t>(bits));
    case DType::int32:
      return fmt::format("{}", static_cast<std::int32_t>(static_cast<std::uint32_t>(bits)));
    default:
      return fmt::format("{}", bits);
  }
}

void FailureLog::add(Check check, std::int64_t element, double error, double limit) {
  if (check != Check::unit_error) cells_.add(check, layout_.cell_of(element));
  First& first = first_[static_cast<std::size_t>(check)];
  const std::int64_t order = layout_.order_of(element);
  if (first.element >= 0 && std::tie(first.order, first.element) <= std::tie(order, element))
    return;
  first = {order, element, error, limit};
}

void FailureLog::keep_only_what_needs_no_reference() {
  for (Check check : {Check::nan, Check::bits, Check::unit_error, Check::elementwise})
    first_[static_cast<std::size_t>(check)] = {};
  cells_.keep_only_what_needs_no_reference();
}

std::optional<reports::Mismatch> FailureLog::most_telling(const OutputEvidence& evidence) const {
  std::size_t best = first_.size();
  for (std::size_t i = 0; i < first_.size(); ++i)
    if (first_[i].element >= 0 && (best == first_.size() || first_[i].order < first_[best].order))
      best = i;
  if (best == first_.size()) return std::nullopt;

  const First& first = first_[best];
  const Place place = layout_.place_of(first.element);
  const bool slack_row = layout_.is_slack_row(layout_.row_of(first.element));
  reports::Mismatch mismatch;
  mismatch.tensor = evidence.spec->name;
  mismatch.check = kCheckNames[best];
  mismatch.segment = place.segment;
  mismatch.head = place.head;
  mismatch.token = place.token;
  mismatch.token_in_segment = place.token_in_segment;
  mismatch.index = place.index;
  mismatch.got = print_got(evidence, first.element);
  mismatch.want = print_want(evidence, first.element, slack_row);
  mismatch.error = first.error;
  mismatch.limit = first.limit;
  const FaultGuess guess = guess_fault(evidence, layout_, cells_);
  mismatch.fault = guess.kind;
  mismatch.because = guess.because;
  return mismatch;
}

void check_slack(const OutputEvidence& evidence, std::int64_t element, FailureLog& log) {
  const Tensor& got = evidence.candidate.got;
  if (evidence.spec->slack == Slack::untouched) {
    if (!memory::is_poison(got, element)) log.add(Check::slack, element);
  } else if (memory::is_poison(got, element)) {
    log.add(Check::unwritten, element);
  } else if (memory::bits_of(got, element) != 0) {
    log.add(Check::slack, element);
  }
}

}  // namespace packproof::verdict
