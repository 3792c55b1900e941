// What a run set out to judge, and whether it did.
#pragma once

#include <string>

#include "reports/files/json_fields.h"
#include "reports/records/record.h"

namespace packproof::reports {

// False where cases are lacking: the run was ended early, or a shard was not merged.
bool is_whole(const RunReport& run);

// The shards that a merged run lacks, from 1; empty for any other.
std::vector<std::int64_t> lacking_shards(const Scope& scope);

// For people, in one line; empty for a run of all cases: "interrupted, 412 of 1222 cases",
// "shard 2 of 3", "2 of 3 shards: 3/3 is lacking".
std::string scope_text(const RunReport& run);

Json scope_to_json(const Scope& scope);
// `where` names the value in messages. Throws ReportError.
Scope scope_from_json(const Json& value, const std::string& where);

}  // namespace packproof::reports
