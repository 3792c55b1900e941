// Case files: one case as self-contained JSON, "schema": "packproof.case/1". The JSON Schema is
// cases/files/schema/packproof.case-1.schema.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/files/saved_verdict.h"
#include "cases/language/op_lookup.h"

namespace packproof {

struct CaseFile {
  Case the_case;
  std::string title;                  // one line, may be empty
  std::string why;                    // what the case shows, may be empty
  std::optional<SavedVerdict> saved;  // of the run that saved it

  friend bool operator==(const CaseFile&, const CaseFile&) = default;
};

// Throws CaseError naming `origin` and the field by its path ("FILE: /fields/width: ..."), or for
// JSON that does not parse its line and column. Unknown and repeated fields are errors.
CaseFile parse_case_file(std::string_view json, std::string_view origin, const OpLookup& ops);

// Names every field outright, defaults too, so that the file keeps its meaning when a default
// changes. Ends with a newline. Parses back to the same case file.
std::string format_case_file(const CaseFile& file, const OpForm& form);

}  // namespace packproof
