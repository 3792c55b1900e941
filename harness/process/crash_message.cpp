#include "harness/process/crash_message.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

constexpr std::size_t kLongest = 1200;  // a data race names two places

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (text.substr(0, end).find_first_not_of(" \t\r=-") != std::string_view::npos)
      lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The first frame in a kernel or in an op's own code: where a sanitizer's report happened.
std::string_view own_frame(const std::vector<std::string_view>& lines) {
  for (const std::string_view line : lines) {
    if (line.find("    #") != 0) continue;
    if (line.find(".cu:") != std::string_view::npos || line.find(".cuh:") != std::string_view::npos)
      return line.substr(line.find_first_not_of(' '));
  }
  return {};
}

}  // namespace

std::string crash_message(std::string_view how, std::string_view output) {
  const std::vector<std::string_view> lines = lines_of(output);
  std::string_view telling = lines.empty() ? std::string_view{} : lines.back();
  constexpr std::array<std::string_view, 6> marks = {
      "simt: ",         "packproof: rank ", "ERROR: AddressSanitizer",
      "runtime error:", "CUDA error",       "mpirun noticed"};
  for (const std::string_view mark : marks) {
    bool found = false;
    for (const std::string_view line : lines) {
      if (line.find(mark) == std::string_view::npos) continue;
      telling = line;
      found = true;
      break;
    }
    if (found) break;
  }
  std::string message = telling.empty() ? std::string(how) : fmt::format("{}: {}", how, telling);
  if (const std::string_view frame = own_frame(lines); !frame.empty())
    message += fmt::format("; {}", frame);
  if (message.size() > kLongest) message.resize(kLongest);
  return message;
}

}  // namespace packproof::harness
