// Where a run took place: for reports and `doctor`.
#pragma once

#include <string>

#include "reports/records/record.h"

namespace packproof::harness {

reports::Environment this_environment();

std::string now_as_text();  // ISO 8601, UTC

}  // namespace packproof::harness
