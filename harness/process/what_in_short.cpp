#include "harness/process/what_in_short.h"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

namespace packproof::harness {
namespace {

constexpr std::size_t kLongest = 600;

// How LibTorch begins its traces.
constexpr std::array<std::string_view, 3> kTraces = {"\nException raised from", "\nframe #0",
                                                     " (most recent call first)"};

}  // namespace

std::string what_in_short(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr)
    return "out of memory: fewer --jobs or a smaller case would need less";
  std::string_view text = error.what();
  for (const std::string_view trace : kTraces) text = text.substr(0, text.find(trace));
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  std::string line(text.substr(0, kLongest));
  std::ranges::replace(line, '\n', ' ');
  return text.size() > kLongest ? line + "..." : line;
}

}  // namespace packproof::harness
