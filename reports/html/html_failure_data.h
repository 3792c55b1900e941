// The part of html_data that shows what did not pass.
#pragma once

#include <cstdint>
#include <vector>

#include "reports/html/html_data.h"

namespace packproof::reports {

struct HtmlFailures {
  Json kinds;                 // failure_groups, each with the places of its cases in the records
  Json details;               // of each record that did not pass, by its place
  std::int64_t left_out = 0;  // records whose details would be too much for a page
};

// Of the details those of the smallest case of each kind come before all others.
HtmlFailures failures_data(const std::vector<Record>& records, const CaseFileOf& case_file);

}  // namespace packproof::reports
