// Families of segment lengths: what packed rows look like, and where packed ops break. Lengths are
// in tokens; everything is deterministic, the same on every host.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace packproof {

// `count` lengths, each even between `min` and `max`, both included; 0 <= min <= max < 2^31.
std::vector<std::int64_t> uniform_lengths(std::int64_t count, std::int64_t min, std::int64_t max,
                                          std::uint64_t seed);

// Lengths that add up to `total` > 0, of which a share of about 8 / x is longer than x: many short
// ones, a few giants, none above half the total. Stops short of the total after `most` lengths.
std::vector<std::int64_t> long_tail_lengths(std::int64_t total, std::uint64_t seed,
                                            std::int64_t most = 1'000'000);

// `small` segments of one token on both sides of a single long one.
std::vector<std::int64_t> one_giant(std::int64_t small, std::int64_t giant);

// Lengths around a causal window of `width` tokens: 1, W-2, W-1, W, W+1, without those below 1.
std::vector<std::int64_t> around_window(std::int64_t width);

// Lengths around multiples of a chunk: one less, equal, one more, for one and two chunks.
std::vector<std::int64_t> around_chunk(std::int64_t chunk);

// Rows after sequence-parallel padding: `tokens` rounded up to a multiple of `world`.
std::int64_t sp_padded(std::int64_t tokens, std::int64_t world);

// One layout worth running through every op.
struct EdgeLayout {
  std::string name;  // a short identifier, unique in its catalogue
  std::vector<std::int64_t> lengths;
  std::int64_t capacity;  // at least the sum of lengths
  std::string reason;     // the fault that it is there to catch, one line

  // "len=... cap=...", ready for a descriptor.
  std::string descriptor_part() const;
};

// Edge layouts for an op with a causal window of `width` >= 1 tokens that works in chunks of
// `chunk` >= 2 tokens. At most about 20 chunks of tokens each.
std::vector<EdgeLayout> edge_catalogue(std::int64_t width, std::int64_t chunk);

}  // namespace packproof
