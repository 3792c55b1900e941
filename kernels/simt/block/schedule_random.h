// The random numbers of a random schedule: small, fast, the same on every host. Runtime only.
#pragma once

#include <cstdint>

namespace packproof::simt::detail {

// splitmix64 (Steele, Lea, Flood 2014).
class ScheduleRandom {
 public:
  ScheduleRandom() = default;
  // Streams of one seed are independent: blocks get the same schedule on any worker.
  ScheduleRandom(uint64_t seed, uint64_t stream) : state_(seed) { state_ = next() ^ stream; }

  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    uint64_t bits = state_;
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    return bits ^ bits >> 31;
  }

 private:
  uint64_t state_ = 0;
};

}  // namespace packproof::simt::detail
