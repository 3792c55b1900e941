// For lists of descriptors: choices taken in turn, and cases of both directions.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace packproof::cases {

template <class T, std::size_t N>
T pick(const std::array<T, N>& choices, std::size_t i) {
  return choices[i % N];
}

// "<op>:fwd <rest>" and "<op>:bwd <rest>" of each rest.
inline void add_each_direction(std::vector<std::string>& all, std::string_view op,
                               std::initializer_list<const char*> rests) {
  for (const char* direction : {"fwd", "bwd"})
    for (const char* rest : rests) all.push_back(fmt::format("{}:{} {}", op, direction, rest));
}

}  // namespace packproof::cases
