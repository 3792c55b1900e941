#include "harness/environment/environment.h"

#include <chrono>
#include <fstream>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/candidates/cuda_run.h"
#include "harness/environment/build_info.h"
#include "reference/core/libtorch.h"

namespace packproof::harness {
namespace {

// The value of the first line of a file that starts with `key`, without quotes; empty if none does.
std::string value_in(const char* path, std::string_view key, char separator) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t from = line.find_first_not_of(" \t\"", line.find(separator) + 1);
    if (from == std::string::npos) return {};
    return line.substr(from, line.find_last_not_of(" \t\"") - from + 1);
  }
  return {};
}

}  // namespace

reports::Environment this_environment() {
  const BuildInfo build = build_info();
  const std::string lack = why_no_cuda();
  return {
      .packproof_version = build.version,
      .commit = build.commit,
      .compiler = build.compiler,
      .build_type = build.build_type,
      .sanitizers = build.sanitizers,
      .cpu = value_in("/proc/cpuinfo", "model name", ':'),
      .os = value_in("/etc/os-release", "PRETTY_NAME", '='),
      .libtorch = reference::libtorch_version(),
      .cuda = fmt::format("{}; {}", build.cuda.empty() ? "no nvcc" : "nvcc " + build.cuda,
                          lack.empty() ? "a device is there" : lack),
  };
}

std::string now_as_text() {
  return fmt::format(
      "{:%Y-%m-%dT%H:%M:%SZ}",
      fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

}  // namespace packproof::harness
