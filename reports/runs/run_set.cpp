#include "reports/runs/run_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/gate/journal.h"
#include "reports/gate/json_report.h"
#include "reports/records/record_json.h"

namespace packproof::reports {
namespace {

namespace fs = std::filesystem;

// True if it was a run.
bool add_run(RunSet& runs, const std::string& path) {
  const std::string text = read_whole_file(path, kMostRunBytes);
  if (is_journal(text)) {
    runs.gates.push_back({.name = "", .file = path, .run = read_journal(path).run});
    return true;
  }
  const std::string schema = schema_of(text, path);
  if (schema == kReportSchema)
    runs.gates.push_back({.name = "", .file = path, .run = read_json(text, path)});
  else if (schema == kBenchSchema)
    runs.benches.push_back({.name = "", .file = path, .run = read_bench_json(text, path)});
  else
    return false;
  return true;
}

// The file's name without its ending, with as many folders as tell it from the others.
std::string name_with_folders(const fs::path& path, int folders) {
  std::string name = path.stem().string();
  fs::path folder = path.parent_path();
  for (int i = 0; i < folders && folder.has_filename(); ++i, folder = folder.parent_path())
    name.insert(0, folder.filename().string() + "/");
  return name;
}

void give_names(RunSet& runs) {
  constexpr int kMostFolders = 8;
  std::vector<std::pair<fs::path, std::string*>> all;
  all.reserve(runs.size());
  const auto add = [&](auto& named) {
    all.emplace_back(fs::absolute(named.file).lexically_normal(), &named.name);
  };
  std::for_each(runs.gates.begin(), runs.gates.end(), add);
  std::for_each(runs.benches.begin(), runs.benches.end(), add);
  for (int folders = 0; folders <= kMostFolders; ++folders) {
    std::map<std::string, int> uses;
    for (auto& [path, name] : all)
      if (folders == 0) *name = name_with_folders(path, 0);
    for (const auto& [path, name] : all) ++uses[*name];
    bool distinct = true;
    for (auto& [path, name] : all) {
      if (uses[*name] == 1) continue;
      distinct = false;
      *name = folders < kMostFolders ? name_with_folders(path, folders + 1) : path.string();
    }
    if (distinct) return;
  }
}

}  // namespace

std::string schema_of(std::string_view text, const std::string& origin) {
  const Json document = parse_json(text, origin);
  if (!document.is_object()) return {};
  const auto found = document.find("schema_version");
  return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
}

RunReport read_gate_run(const std::string& path) {
  RunSet runs;
  add_run(runs, path);
  if (runs.gates.empty())
    throw ReportError(
        fmt::format("'{}' is no gate run: give what packproof gate --json wrote, or "
                    "its FILE.partial",
                    path));
  return std::move(runs.gates.front().run);
}

RunSet read_runs(std::span<const std::string> paths) {
  RunSet runs;
  std::set<fs::path> seen;
  for (const std::string& path : paths) {
    std::error_code unknown;
    const fs::path whole = fs::weakly_canonical(path, unknown);
    if (!seen.insert(unknown ? fs::path(path) : whole).second)
      throw ReportError(fmt::format("'{}' is given twice; name each run once", path));
    if (!add_run(runs, path))
      throw ReportError(
          fmt::format("'{}' is not a run: its schema_version is \"{}\", this program reads \"{}\" "
                      "(packproof gate --json) and \"{}\" (packproof bench --json)",
                      path, schema_of(read_whole_file(path, kMostRunBytes), path), kReportSchema,
                      kBenchSchema));
  }
  give_names(runs);
  return runs;
}

RunSet read_history(const std::string& folder, std::vector<std::string>& passed_over) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error)
    throw ReportError(
        fmt::format("cannot read the folder '{}': {}; --history wants a folder of "
                    "earlier runs as JSON",
                    folder, error.message()));
  std::vector<std::string> paths;
  for (const fs::directory_entry& entry : entries)
    if (entry.path().extension() == ".json" && entry.is_regular_file())
      paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  RunSet runs;
  for (const std::string& path : paths)
    if (!add_run(runs, path)) passed_over.push_back(path);
  if (runs.size() == 0)
    throw ReportError(
        fmt::format("'{}' holds no run; put the JSON of earlier gate or bench runs there", folder));
  give_names(runs);
  const auto by_start = [](const auto& a, const auto& b) { return a.run.started < b.run.started; };
  std::stable_sort(runs.gates.begin(), runs.gates.end(), by_start);
  std::stable_sort(runs.benches.begin(), runs.benches.end(), by_start);
  return runs;
}

}  // namespace packproof::reports
