// What the HTML report shows, as the compact JSON that its page reads: reports/html/page/data.js
// unpacks it and names every field.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "reports/files/json_fields.h"
#include "reports/runs/run_set.h"
#include "reports/runs/trends.h"

namespace packproof::reports {

// A file that a reader can save out of the page.
struct Download {
  std::string name;  // "causal_conv1d-fwd-0123456789abcdef.json"
  std::string text;
};

// The packproof.case/1 file of a record that did not pass; nothing if its descriptor is of an op
// that this program does not know.
using CaseFileOf = std::function<std::optional<Download>(const Record&)>;

struct HtmlInput {
  RunSet runs;
  Trends trends;         // empty without --history
  CaseFileOf case_file;  // may be empty
  std::string made;      // ISO 8601, UTC
};

// The arrays that keep a case small are explained in data.js. Of a case that passed only its worst
// unit is there; details of failures stop at 6 MB in all, and the page says so.
Json html_data(const HtmlInput& input);

// `value` with four significant digits; NaN and infinities as number_to_json has them.
Json short_number(double value);

// What is shown of a benchmark run, in html_data.
Json bench_data(const Named<BenchRun>& named);

// environment as [name, value] pairs without empty values.
Json environment_pairs(const Environment& environment);

}  // namespace packproof::reports
