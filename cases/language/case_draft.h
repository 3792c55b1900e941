// A case under construction: takes named texts one by one, whatever file or line they stand in, and
// checks each against the op's form. Descriptors and case files share it, so they agree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/case_text.h"
#include "cases/core/op_form.h"

namespace packproof {

class CaseDraft {
 public:
  // Throws std::logic_error if the form is broken: a field named like a common key, or twice.
  CaseDraft(const OpForm& form, Direction direction);

  // A common key: dtype, len, cu_seqlens, cap, slack, fill, seed, contract, expect or source.
  // Every setter throws CaseError at `value` if the value will not do.
  void set_common(std::string_view key, std::string_view text, const TextPlace& value);
  // A field of the op, which must have it.
  void set_field(std::string_view name, std::string_view text, const TextPlace& value);
  void set_lengths(std::vector<std::int64_t> lengths, const TextPlace& value);
  void set_cu_seqlens(std::vector<std::int64_t> boundaries, const TextPlace& value);

  bool has_field(std::string_view name) const { return find_spec(name) != nullptr; }
  std::vector<std::string> field_names() const;

  // Checks what fields say together, fills in the rest and lets the op check. Throws CaseError; at
  // `whole` where no field is to blame.
  Case finish(const TextPlace& whole) &&;

  static const std::vector<std::string>& common_keys();

 private:
  const FieldSpec* find_spec(std::string_view name) const;
  void set_dtype(std::string_view text, const TextPlace& value);
  void finish_lengths(const TextPlace& whole);
  void finish_cu_seqlens();

  const OpForm& form_;
  Case case_;
  std::optional<std::int64_t> capacity_;
  TextPlace capacity_place_;
  std::optional<std::vector<std::int64_t>> lengths_;
  TextPlace cu_seqlens_place_;
};

// Throws CaseError unless `text` is a word: a letter or '_', then letters, digits, '_', '.', '-'.
void check_word(std::string_view text, std::string_view what, const TextPlace& place);

}  // namespace packproof
