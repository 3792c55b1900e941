#include "reports/html/html_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/records/record_json.h"
#include "reports/records/summary.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

constexpr const char* kDebianChartJs = "/usr/share/javascript/chart.js/chart.min.js";

// In the order of the page, where all of them share one scope.
constexpr std::array kStyles = {"base.css", "tables.css", "charts.css"};
constexpr std::array kScripts = {
    "dom.js",         "data.js",        "links.js",        "theme.js",      "table.js",
    "table_view.js",  "strip.js",       "case_card.js",    "summary.js",    "runs.js",
    "coverage.js",    "failures.js",    "cases.js",        "margins.js",    "chart.js",
    "roofline.js",    "speed_table.js", "speed_charts.js", "break_even.js", "trends.js",
    "environment.js", "main.js"};

std::string_view html_file(const std::string& name) {
  const std::string path = "reports/html/page/" + name;
  for (const EmbeddedFile& file : html_files())
    if (file.path == path) return file.contents;
  throw std::logic_error(path + " is not embedded");
}

template <std::size_t count>
std::string joined(const std::array<const char*, count>& names) {
  std::string text;
  for (const char* name : names) text.append(html_file(name)).append("\n");
  return text;
}

struct Headings {
  std::string title, plain;
};

Headings headings_of(const RunSet& runs) {
  Headings headings{.title = "packproof report"};
  for (const auto& named : runs.gates) {
    headings.plain +=
        fmt::format("{}: {}, {}. ", named.name, verdict_word(named.run), counts_line(named.run));
    if (runs.gates.size() == 1)
      headings.title = fmt::format("{} – packproof", verdict_word(named.run));
  }
  for (const auto& named : runs.benches)
    headings.plain += fmt::format("{}: {} timed on {}. ", named.name,
                                  counted(std::ssize(named.run.rows), "row"), named.run.device);
  return headings;
}

// Replaces each {{name}} of the page once, from left to right: what was put in is not looked at.
std::string filled(std::string_view page,
                   std::span<const std::pair<std::string_view, std::string>> parts) {
  std::string text;
  for (;;) {
    const std::size_t open = page.find("{{");
    if (open == std::string_view::npos) return text.append(page);
    const std::size_t close = page.find("}}", open);
    const std::string_view name = page.substr(open + 2, close - open - 2);
    const auto part = std::find_if(parts.begin(), parts.end(),
                                   [&](const auto& candidate) { return candidate.first == name; });
    if (part == parts.end())
      throw std::logic_error(fmt::format("report.html names an unknown part '{}'", name));
    text.append(page.substr(0, open)).append(part->second);
    page.remove_prefix(close + 2);
  }
}

}  // namespace

std::string chart_library() {
  const char* chosen = std::getenv("PACKPROOF_CHART_JS");
  const std::string path = chosen != nullptr && *chosen != '\0' ? chosen : kDebianChartJs;
  std::string text;
  try {
    text = read_whole_file(path);
  } catch (const ReportError& error) {
    throw ReportError(
        fmt::format("an HTML report needs Chart.js: {}; install the package libjs-chart.js "
                    "(apt-get install libjs-chart.js), or name its chart.min.js in "
                    "PACKPROOF_CHART_JS",
                    error.what()));
  }
  if (text.find("Chart.js v3.") == std::string::npos)
    throw ReportError(
        fmt::format("'{}' is not a Chart.js 3; install the package libjs-chart.js, or name its "
                    "chart.min.js in PACKPROOF_CHART_JS",
                    path));
  return text;
}

std::string script_safe_json(const Json& json) {
  const std::string plain = json_text(json, -1);
  std::string safe;
  safe.reserve(plain.size() + plain.size() / 16);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    // Outside of strings JSON has none of these, and in strings \u stands for them.
    if (plain[i] == '<') {
      safe += "\\u003c";
    } else if (plain[i] == '>') {
      safe += "\\u003e";
    } else if (plain[i] == '&') {
      safe += "\\u0026";
    } else if (plain.compare(i, 2, "\xE2\x80") == 0 && i + 2 < plain.size() &&
               (plain[i + 2] == '\xA8' || plain[i + 2] == '\xA9')) {
      safe += plain[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      safe += plain[i];
    }
  }
  return safe;
}

std::string html_report(const HtmlInput& input, std::string_view chart_script) {
  if (chart_script.find("</script") != std::string_view::npos ||
      chart_script.find("<!--") != std::string_view::npos)
    throw ReportError(
        "this chart.min.js cannot stand in a page: it holds </script or <!--; "
        "install the package libjs-chart.js");
  const Headings headings = headings_of(input.runs);
  const std::array<std::pair<std::string_view, std::string>, 6> parts = {{
      {"title", xml_text(headings.title)},
      {"plain summary", xml_text(headings.plain)},
      {"style", joined(kStyles)},
      {"data", script_safe_json(html_data(input))},
      {"chart library", std::string(chart_script)},
      {"script", joined(kScripts)},
  }};
  return filled(html_file("report.html"), parts);
}

}  // namespace packproof::reports
