#include "harness/pipeline/second_opinion.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/verdict/failure_log.h"

namespace packproof::harness {
namespace {

// Float64 sums of up to 2^20 terms in another order stay well within this share of their magnitude;
// a real difference of definition does not.
constexpr double kAgreement = 1e-9;
// Nor does either hold what is below the last bits of a tensor's largest elements: where a sigmoid
// is nearly 1, autograd takes its complement as a difference, and the definition does not.
constexpr double kLastBits = 0x1p-50;

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

double largest_magnitude(const ReferenceTensor& tensor, std::int64_t elements) {
  double largest = 0;
  for (std::int64_t i = 0; i < elements && !tensor.magnitude.empty(); ++i)
    if (const double m = tensor.magnitude[static_cast<std::size_t>(i)]; std::isfinite(m))
      largest = std::max(largest, m);
  return largest;
}

bool agree(double r, double p, double allowed, Judged judged, Fill fill) {
  // Padding multiplies pads: a NaN weight times the zero gradient of a pad is a NaN that the packed
  // definition does not have. Where the baseline is finite it must still agree.
  if (fill == Fill::specials && judged == Judged::tolerance && !std::isfinite(p)) return true;
  if (std::isnan(r) || std::isnan(p)) return std::isnan(r) && std::isnan(p);
  if (judged == Judged::bits || std::isinf(r)) return r == p;
  return std::abs(r - p) <= allowed;
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
    const double last_bits = kLastBits * largest_magnitude(ours, elements);
    for (std::int64_t i = 0; i < elements; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double magnitude = ours.magnitude.empty() ? 0 : ours.magnitude[at];
      const double allowed = kAgreement * magnitude + last_bits;
      if (!agree(ours.value[at], theirs.value[at], allowed, spec.judged, call.the_case->fill))
        return fmt::format("{}: the reference has {} at element {}, the padded baseline {}",
                           spec.name, verdict::without_nan_sign(ours.value[at]), i,
                           verdict::without_nan_sign(theirs.value[at]));
    }
  }
  return {};
}

}  // namespace packproof::harness
