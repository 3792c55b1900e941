// FNV-1a, 64 bits: a fixed hash, because std::hash differs between standard libraries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace packproof {

constexpr std::uint64_t kFnv1aBasis = 0xcbf29ce484222325;

constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = kFnv1aBasis) {
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

inline std::uint64_t fnv1a_bytes(std::span<const std::byte> bytes) {
  return fnv1a({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace packproof
