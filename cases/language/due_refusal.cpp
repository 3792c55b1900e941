#include "cases/language/due_refusal.h"

#include <algorithm>

#include <fmt/format.h>

#include "cases/language/cu_seqlens_fault.h"

namespace packproof {
namespace {

bool is_one_of(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool is_refused(const FieldSpec& field, const std::string& value) {
  if (field.kind == FieldSpec::Kind::word && !field.choices.empty() &&
      !is_one_of(field.choices, value))
    return true;
  return is_one_of(field.refused, value);
}

}  // namespace

std::string due_refusal(const Case& the_case, const OpForm& form, const Signature& signature) {
  for (const FieldSpec& field : form.fields)
    if (const std::string& value = the_case.word(FieldName(field.name)); is_refused(field, value))
      return fmt::format("{}={}", field.name, value);
  if (the_case.raw_cu_seqlens)
    if (const auto fault = find_fault(*the_case.raw_cu_seqlens, the_case.capacity))
      return fault->what;
  return form.refusal == nullptr ? "" : form.refusal(the_case, signature);
}

}  // namespace packproof
