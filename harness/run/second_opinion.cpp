#include "harness/run/second_opinion.h"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

// Float64 sums of up to 2^20 terms in another order stay well within this share of their magnitude;
// a real difference of definition does not.
constexpr double kAgreement = 1e-9;

const ReferenceTensor& named(const ReferenceResult& result, const std::string& name) {
  for (const ReferenceTensor& tensor : result)
    if (tensor.name == name) return tensor;
  throw std::logic_error("no implementation computed " + name);
}

// How many leading elements of a tensor are not slack.
std::int64_t judged_elements(const OutputSpec& spec, std::int64_t valid_tokens) {
  const bool has_slack =
      spec.slack != Slack::none && !spec.dims.empty() && spec.dims[0].axis == Axis::token;
  if (!has_slack || spec.dims[0].size == 0) return element_count(spec.dims);
  return element_count(spec.dims) / spec.dims[0].size * valid_tokens;
}

bool agree(double r, double p, double magnitude, Judged judged, Fill fill) {
  // Padding multiplies pads: a NaN weight times the zero gradient of a pad is a NaN that the packed
  // definition does not have. Where the baseline is finite it must still agree.
  if (fill == Fill::specials && judged == Judged::tolerance && !std::isfinite(p)) return true;
  if (std::isnan(r) || std::isnan(p)) return std::isnan(r) && std::isnan(p);
  if (judged == Judged::bits || std::isinf(r)) return r == p;
  return std::abs(r - p) <= kAgreement * magnitude;
}

}  // namespace

std::string disagreement(const Call& call, const Signature& signature,
                         const ReferenceResult& reference, const ReferenceResult& padded) {
  for (const OutputSpec& spec : signature.outputs) {
    const ReferenceTensor& ours = named(reference, spec.name);
    const ReferenceTensor& theirs = named(padded, spec.name);
    const std::int64_t elements = judged_elements(spec, call.the_case->valid_tokens());
    if (std::ssize(ours.value) < elements || std::ssize(theirs.value) < elements)
      return fmt::format("{}: the reference gives {} elements, the padded baseline {}, of {}",
                         spec.name, ours.value.size(), theirs.value.size(), elements);
    for (std::int64_t i = 0; i < elements; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double magnitude = ours.magnitude.empty() ? 0 : ours.magnitude[at];
      if (!agree(ours.value[at], theirs.value[at], magnitude, spec.judged, call.the_case->fill))
        return fmt::format("{}: the reference has {} at element {}, the padded baseline {}",
                           spec.name, ours.value[at], i, theirs.value[at]);
    }
  }
  return {};
}

}  // namespace packproof::harness
