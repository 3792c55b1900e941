#include "cases/lengths/workload.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cases/core/embedded_files.h"

namespace packproof {
namespace {

std::vector<Workload> load_embedded() {
  std::vector<Workload> all;
  for (const EmbeddedFile& file : embedded_files())
    if (file.path.starts_with("cases/lengths/workloads/") && file.path.ends_with(".json"))
      all.push_back(parse_workload(file.contents, file.path));
  std::sort(all.begin(), all.end(),
            [](const Workload& a, const Workload& b) { return a.name < b.name; });
  return all;
}

}  // namespace

Workload parse_workload(std::string_view json, std::string_view origin) {
  try {
    const auto document = nlohmann::json::parse(json);
    Workload workload{document.at("name"), document.at("tokenizer"), document.at("source"),
                      document.at("lengths").get<std::vector<std::int64_t>>()};
    const auto& lengths = workload.lengths;
    if (lengths.empty() || *std::min_element(lengths.begin(), lengths.end()) < 1)
      throw std::logic_error("lengths must be at least 1");
    if (document.at("count").get<std::size_t>() != lengths.size() ||
        document.at("max").get<std::int64_t>() != *std::max_element(lengths.begin(), lengths.end()))
      throw std::logic_error("count or max does not match lengths");
    return workload;
  } catch (const std::exception& error) {
    throw std::logic_error(fmt::format("{}: not a workload: {}", origin, error.what()));
  }
}

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all = load_embedded();
  return all;
}

const Workload* find_workload(std::string_view name) {
  for (const Workload& workload : workloads())
    if (workload.name == name) return &workload;
  return nullptr;
}

std::size_t sequences_within(const Workload& workload, std::int64_t tokens) {
  std::size_t count = 0;
  for (; count < workload.lengths.size() && workload.lengths[count] <= tokens; ++count)
    tokens -= workload.lengths[count];
  return count;
}

}  // namespace packproof
