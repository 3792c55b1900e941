// Runs of any kind merged into one small JSON document, for dashboards and scripts:
// reports/schema/packproof.summary-1.schema.json says what each field is.
#pragma once

#include <string>
#include <string_view>

#include "reports/runs/run_set.h"
#include "reports/runs/trends.h"

namespace packproof::reports {

inline constexpr std::string_view kSummarySchema = "packproof.summary/1";

// By the rules of json_report. Without samples and without the cases that passed; the runs' own
// files have those.
std::string summary_json(const RunSet& runs, const Trends& trends);

}  // namespace packproof::reports
