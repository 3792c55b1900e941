#include "harness/selection/case_arguments.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cases/language/batch.h"
#include "harness/ops/op_list.h"
#include "harness/selection/case_catalogue.h"
#include "reports/files/atomic_file.h"

namespace packproof::harness {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStandardInput = "-";

std::string text_of(const std::string& path) {
  return path == kStandardInput ? reports::read_standard_input() : reports::read_whole_file(path);
}

std::string name_of_file(const std::string& path) {
  return path == kStandardInput ? "standard input" : path;
}

std::vector<CaseFile> batch_of(const std::string& text, const std::string& origin) {
  std::vector<CaseFile> cases;
  for (BatchLine& line : parse_batch(text, origin, op_lookup()))
    cases.push_back({.the_case = std::move(line.the_case)});
  return cases;
}

std::vector<CaseFile> cases_in_file(const std::string& path) {
  const std::string text = text_of(path), origin = name_of_file(path);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json =
      path.ends_with(".json") || (first != std::string::npos && text[first] == '{');
  if (!is_json) return batch_of(text, origin);
  return {parse_case_file(text, origin, op_lookup())};
}

std::vector<CaseFile> cases_in_folder(const std::string& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) throw CaseError(fmt::format("cannot read the folder {}: {}", folder, error.message()));
  std::vector<std::string> paths;
  for (const fs::directory_entry& entry : entries)
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  if (paths.empty())
    throw CaseError(fmt::format("no case file (*.json) is in the folder {}", folder));
  std::sort(paths.begin(), paths.end());
  std::vector<CaseFile> cases;
  cases.reserve(paths.size());
  for (const std::string& path : paths)
    cases.push_back(parse_case_file(reports::read_whole_file(path), path, op_lookup()));
  return cases;
}

}  // namespace

std::vector<CaseFile> cases_named(const std::string& argument) {
  std::error_code none_there;
  if (argument == kStandardInput) return cases_in_file(argument);
  if (fs::is_directory(argument, none_there)) return cases_in_folder(argument);
  if (argument.ends_with(".json") || fs::exists(argument, none_there))
    return cases_in_file(argument);
  return {{.the_case = case_from(argument)}};
}

std::vector<CaseFile> cases_in_batch(const std::string& path) {
  return batch_of(text_of(path), name_of_file(path));
}

}  // namespace packproof::harness
