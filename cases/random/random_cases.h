// Random valid cases of any op, made of what its form says: nightly runs and fuzzers draw them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/core/philox.h"

namespace packproof {

struct DrawnCase {
  std::optional<Case> the_case;  // nothing where no draw of many was one
  std::int64_t redrawn = 0;      // draws that the form did not take, or that were too large
};

// A case over all directions, dtypes, fields, lengths, slack, fills and seeds; about one in 16 must
// be refused, and expects it. Small, so that a core runs some 30 a second: at most 2^17 elements in
// all tensors, and 64 ranks.
DrawnCase draw_case(const OpForm& form, PhiloxSequence& random);

struct RandomCases {
  std::vector<Case> cases;
  std::int64_t redrawn = 0;  // as in DrawnCase
};

// `count` cases with distinct descriptors, the forms in turn, of those that `wanted` keeps. A form
// is left out from where 300 of its cases in a row were not wanted, or its first 30: without any
// form left there are fewer cases. The same for the same arguments on every host; what is drawn of
// a form depends on no other.
RandomCases random_cases(std::int64_t count, std::uint64_t seed,
                         std::span<const OpForm* const> forms,
                         const std::function<bool(const Case&)>& wanted);

}  // namespace packproof
