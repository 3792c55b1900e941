// Signatures of an op's cases that differ in one thing, from which it shows what follows what.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::harness {

struct ProbedCase {
  Case the_case;
  Signature signature;
};

// A value of a field, and the case that has it while all else is as in the plain one.
struct Variant {
  std::string field, value;
  ProbedCase probe;
};

// Two cases that differ in one number alone.
struct Change {
  std::string field;
  ProbedCase before, after;
  bool alone = true;  // `before` is the plain case
};

struct OpProbe {
  ProbedCase plain;                   // every field at its default, but for those asked for
  std::optional<ProbedCase> wider;    // another dtype
  std::vector<Variant> with_choices;  // each choice but the default
  // One of each field that is a number. Where only another field makes room for it (heads that
  // must divide others), both cases have that field changed.
  std::vector<Change> changes;
};

// `keys` are fields to set in all of them: "state=initial", or nothing.
OpProbe probe_op(const OpForm& form, Direction direction, const std::string& keys = "");

}  // namespace packproof::harness
