// A report as one HTML file that needs no network: page, data and chart library in one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cases/core/embedded_files.h"
#include "reports/html/html_data.h"

namespace packproof::reports {

// reports/html/page/*: the page, its styles and its scripts, compiled into the program.
std::span<const EmbeddedFile> html_files();

// Chart.js of Debian's package libjs-chart.js, or what PACKPROOF_CHART_JS names. Read when a report
// is made: it is not a part of packproof. Throws ReportError, naming the package, when it is not
// there or is not a Chart.js 3.
std::string chart_library();

// `json` as the text of a <script> element: no character that could end the element or the string
// that it stands in, whatever the data holds.
std::string script_safe_json(const Json& json);

// The whole file. `chart_script` is what chart_library() gave. Throws ReportError when it would end
// its own <script> element.
std::string html_report(const HtmlInput& input, std::string_view chart_script);

}  // namespace packproof::reports
