// For the fuzzers of the parsers: the forms of all ops and the toy ones, and valid cases to mutate.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/call.h"
#include "cases/core/embedded_files.h"
#include "cases/language/descriptor.h"
#include "cases/op_forms.h"
#include "cases/random/random_cases.h"
#include "cases/testing/fuzzed_input.h"
#include "cases/testing/toy_op_form.h"

namespace packproof {

inline const std::vector<OpForm>& real_forms() {
  static const std::vector<OpForm> forms = {
#define PACKPROOF_OP(family, name) cases::name##_form(),
#include "harness/ops/ops.def"
#undef PACKPROOF_OP
  };
  return forms;
}

// Signatures list what some inputs hold: what is hostile by its size alone is not asked for one.
inline Signature small_signature(const Case& c) {
  constexpr std::int64_t kMost = 1 << 12;
  bool large = c.capacity > kMost || c.segments() > kMost;
  for (const auto& [name, text] : c.fields) large = large || text.size() > 4;
  if (large) throw CaseError("too large for a fuzzer");
  for (const OpForm& form : real_forms())
    if (form.name == c.op) return form.signature(c);
  throw CaseError("no such op");
}

inline const std::vector<OpForm>& fuzzed_forms() {
  static const std::vector<OpForm> forms = [] {
    std::vector<OpForm> all = real_forms();
    for (OpForm& form : all) form.signature = small_signature;
    all.push_back(kToyOp);
    all.push_back(kToyIndexOp);
    return all;
  }();
  return forms;
}

inline const OpForm* fuzzed_form(std::string_view name) {
  for (const OpForm& form : fuzzed_forms())
    if (form.name == name) return &form;
  return nullptr;
}

inline OpLookup fuzzed_ops() {
  OpLookup ops{.find = fuzzed_form, .names = {}};
  for (const OpForm& form : fuzzed_forms()) ops.names.push_back(form.name);
  return ops;
}

// A case of any op: one of its own quick ones, or a random one.
inline Case valid_case(PhiloxSequence& random) {
  const std::vector<OpForm>& forms = fuzzed_forms();
  for (;;) {
    const OpForm& form = forms[random.below(static_cast<std::uint32_t>(forms.size()))];
    if (form.descriptors.quick != nullptr && random.below(4) == 0) {
      const std::vector<std::string> texts = form.descriptors(Tier::quick);
      const std::string& text = texts[random.below(static_cast<std::uint32_t>(texts.size()))];
      try {
        return parse_descriptor(text, fuzzed_ops());
      } catch (const CaseError&) {
        continue;  // large
      }
    }
    if (DrawnCase drawn = draw_case(form, random); drawn.the_case) return *drawn.the_case;
  }
}

// The texts of the case files in the ops' folders.
inline const std::vector<std::string_view>& shipped_case_files() {
  static const std::vector<std::string_view> texts = [] {
    std::vector<std::string_view> found;
    for (const EmbeddedFile& file : embedded_files())
      if (file.contents.find("packproof.case/") != std::string_view::npos)
        found.push_back(file.contents);
    return found;
  }();
  return texts;
}

}  // namespace packproof
