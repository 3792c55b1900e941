// For tests of forms: an op's form with its cases parsed.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cases/core/op_form.h"
#include "cases/language/descriptor.h"

namespace packproof {

class FormCases {
 public:
  explicit FormCases(OpForm form) : form_(std::move(form)) {}

  const OpForm& form() const { return form_; }

  Case parse(const std::string& text) const {
    OpLookup ops;
    ops.find = [this](std::string_view name) { return name == form_.name ? &form_ : nullptr; };
    ops.names = {form_.name};
    return parse_descriptor(text, ops);
  }
  std::vector<Case> of(Tier tier) const {
    std::vector<Case> all;
    for (const std::string& text : form_.descriptors(tier)) all.push_back(parse(text));
    return all;
  }

  Signature signature(const std::string& text) const { return form_.signature(parse(text)); }
  std::vector<std::string> inputs(const std::string& text) const {
    return names(signature(text).inputs);
  }
  std::vector<std::string> outputs(const std::string& text) const {
    return names(signature(text).outputs);
  }

  // The first case of a tier whose capacity times these fields is above `most`, or nothing.
  std::string largest(Tier tier, std::initializer_list<const char*> fields,
                      std::int64_t most) const {
    for (const Case& c : of(tier)) {
      std::int64_t elements = c.capacity;
      for (const char* field : fields) elements *= c.integer(FieldName(field));
      if (elements > most) return format_descriptor(c, form_);
    }
    return {};
  }

  // The values of a field, or of dtype, in the quick cases of one direction that are to pass.
  std::set<std::string> values(Direction direction, const std::string& field) const {
    std::set<std::string> seen;
    for (const Case& c : of(Tier::quick))
      if (c.direction == direction && c.expect == Expect::pass)
        seen.insert(field == "dtype" ? std::string(name_of(c.dtype)) : c.word(FieldName(field)));
    return seen;
  }

 private:
  static std::vector<std::string> names(const auto& specs) {
    std::vector<std::string> all;
    for (const auto& spec : specs) all.push_back(spec.name);
    return all;
  }

  OpForm form_;
};

}  // namespace packproof
