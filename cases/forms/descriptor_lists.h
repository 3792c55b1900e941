// For lists of descriptors: choices taken in turn, and cases of both directions.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace packproof::cases {

template <class T, std::size_t N>
T pick(const std::array<T, N>& choices, std::size_t i) {
  return choices[i % N];
}

// "<op>:fwd <rest>" of each rest, then "<op>:bwd <rest>" of each.
inline std::vector<std::string> in_each_direction(std::string_view op,
                                                  std::span<const char* const> rests) {
  std::vector<std::string> all;
  all.reserve(2 * rests.size());
  for (const char* direction : {"fwd", "bwd"})
    for (const char* rest : rests) all.push_back(fmt::format("{}:{} {}", op, direction, rest));
  return all;
}

inline void append(std::vector<std::string>& all, std::vector<std::string> more) {
  all.insert(all.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
}

inline void add_each_direction(std::vector<std::string>& all, std::string_view op,
                               std::initializer_list<const char*> rests) {
  append(all, in_each_direction(op, {rests.begin(), rests.size()}));
}

}  // namespace packproof::cases
