// What a run said of a case when it saved it as a file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace packproof {

// The worst unit of one kind in one tensor, as reports have it.
struct SavedLimit {
  std::string tensor, unit, where;
  double error = 0, limit = 0;  // over the reference's own size; the error may be NaN or infinite

  friend bool operator==(const SavedLimit&, const SavedLimit&) = default;
};

struct SavedVerdict {
  std::string candidate;
  std::string schedule;  // of the host executor; empty: not run on it
  std::string outcome;   // "mismatch", "crashed", ...
  std::string reason;    // one line
  std::string repeat;    // the command that repeats it
  std::vector<SavedLimit> limits;

  friend bool operator==(const SavedVerdict&, const SavedVerdict&) = default;
};

nlohmann::ordered_json saved_to_json(const SavedVerdict& saved);

// Strict as the rest of a case file: throws CaseError "ORIGIN: /saved/...: ..." for a field that is
// missing, unknown or of another type.
SavedVerdict saved_from_json(const nlohmann::json& value, std::string_view origin);

}  // namespace packproof
