// A 64-bit hash of memory, to prove that a run did not modify its inputs (contract C9).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace packproof::memory {

// Every step is one-to-one in its word, so a change within one 8-byte word is always seen; other
// changes are missed once in 2^64. Not for adversaries. `data` may be null when `bytes` is 0.
inline std::uint64_t content_hash(const void* data, std::size_t bytes) {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;
  const auto* at = static_cast<const unsigned char*>(data);
  std::uint64_t hash = kMultiplier ^ bytes;
  for (std::size_t i = 0; i < bytes; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at + i, bytes - i < 8 ? bytes - i : 8);
    hash = std::rotl((hash ^ word) * kMultiplier, 29);
  }
  hash ^= hash >> 32;
  return hash * kMultiplier;
}

}  // namespace packproof::memory
