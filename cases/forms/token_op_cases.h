// Descriptors that ops which see each token by itself share: norms, gates, activations. Their
// segments are alike, but for which rows are slack.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/op_form.h"

namespace packproof {

// Values that a field (or dtype) takes in turn, each for `every` layouts of one direction.
struct FieldTurns {
  std::string name;
  std::vector<std::string> values;
  std::size_t every = 1;
};

// Each layout of the edge catalogue (lengths around chunks of 16 tokens) once, forward and backward
// in turn, under the values whose turn it is. The layouts of a direction start over `rounds` times,
// and a direction sees in one round what the other sees in the next.
std::vector<std::string> token_op_layouts(std::string_view op,
                                          const std::vector<FieldTurns>& fields, int rounds = 1);

// What such an op must refuse (C7) and what slack may hold (C8), in both directions. `fields` is
// the text of the op's fields, to keep the cases small.
std::vector<std::string> token_op_contracts(std::string_view op, std::string_view fields);

// The field `zeros` of norms: heads of tokens whose features are all zero, where only epsilon
// stands between a norm and a division by zero.
FieldSpec zeros_field();
// What it flags of [capacity, heads, ...]: see InputSpec::zero_rows. Needs the field `heads`.
std::vector<std::uint8_t> zero_heads(const Case& the_case);

}  // namespace packproof
