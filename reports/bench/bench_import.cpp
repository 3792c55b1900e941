#include "reports/bench/bench_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/records/record_json.h"

namespace packproof::reports {
namespace {

bool has_object(const Json& document, const char* name) {
  const auto found = document.find(name);
  return found != document.end() && found->is_object();
}

// nvbench's "meta" has versions of its file format.
bool is_nvbench(const Json& document) {
  return has_object(document, "meta") && has_object(document["meta"], "version") &&
         document.contains("benchmarks");
}

bool is_google_benchmark(const Json& document) {
  return has_object(document, "context") && document.contains("benchmarks");
}

}  // namespace

std::string without_bare_nan(std::string_view text) {
  constexpr std::array<std::string_view, 4> kWords = {"-NaN", "NaN", "-Infinity", "Infinity"};
  std::string result;
  result.reserve(text.size());
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto is_here = [&](std::string_view word) { return text.substr(i).starts_with(word); };
    const auto word =
        in_string ? kWords.end() : std::find_if(kWords.begin(), kWords.end(), is_here);
    if (word != kWords.end()) {
      result += "null";
      i += word->size();
      continue;
    }
    const bool is_escape = in_string && text[i] == '\\' && i + 1 < text.size();
    if (text[i] == '"') in_string = !in_string;
    if (is_escape) result += text[i++];
    result += text[i++];
  }
  return result;
}

BenchRun read_bench_file(const std::string& path) {
  const std::string text = read_whole_file(path, kMostRunBytes);
  const Json document = parse_json(without_bare_nan(text), path);
  if (document.is_object()) {
    if (document.contains("schema_version")) return read_bench_json(text, path);
    if (is_nvbench(document)) return import_nvbench(document, path);
    if (is_google_benchmark(document)) return import_google_benchmark(document, path);
  }
  throw ReportError(fmt::format(
      "'{}' holds no benchmark run: it is none of {} (packproof bench --json), Google Benchmark "
      "(--benchmark_out) and nvbench (--jsonbin, --json)",
      path, kBenchSchema));
}

}  // namespace packproof::reports
