#include "cases/language/fill_range.h"

#include <algorithm>

#include <fmt/format.h>

#include "cases/core/call.h"

namespace packproof {

void check_fill(const Case& the_case, const Signature& signature) {
  if (the_case.fill != Fill::large) return;
  const bool computes =
      std::any_of(signature.outputs.begin(), signature.outputs.end(),
                  [](const OutputSpec& output) { return output.judged == Judged::tolerance; });
  if (!computes) return;
  for (const InputSpec& input : signature.inputs)
    if (is_floating(input.dtype) && input.values.empty() && input.dtype != DType::fp16)
      throw CaseError(fmt::format(
          "fill=large makes {} {} numbers up to the end of its range, whose products "
          "are beyond fp32, in which sums are kept; give {}",
          input.name, name_of(input.dtype),
          input.dtype == the_case.dtype ? "dtype=fp16 or another fill" : "another fill"));
}

void refuse_large(const Case& the_case) {
  if (the_case.fill == Fill::large && the_case.dtype == DType::fp16)
    throw CaseError(
        "fill=large makes fp16 numbers whose products are beyond fp16, to which this op rounds on "
        "its way; give another fill");
}

void refuse_lost_products(const Case& the_case) {
  if (the_case.fill == Fill::tiny && the_case.dtype == DType::fp16)
    throw CaseError(
        "fill=tiny makes fp16 numbers whose products are below the smallest that fp16 has; give "
        "dtype=bf16, dtype=fp32 or another fill");
}

}  // namespace packproof
