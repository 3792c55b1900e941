// __match_any_sync and __match_all_sync on the host. Host only.
// Values are compared as bits (PTX ISA, "match.sync", which takes .b32 and .b64): 0.0f does not
// match -0.0f, and a NaN matches the same NaN. Lanes that have exited do not count.
#pragma once

#include <cstdint>
#include <cstring>

#include "kernels/simt/api/warp_collectives.h"

namespace packproof::simt::detail {
inline namespace PACKPROOF_SIMT_BUILD {

struct MatchArgument {
  uint64_t value_bits;
  uint32_t same;  // the lanes whose value is this lane's
  uint32_t participants;
};

inline void combine_match(void* const* lane_arguments, uint32_t participants) {
  for_each_lane<MatchArgument>(lane_arguments, participants, [&](MatchArgument& own) {
    own.same = 0;
    own.participants = participants;
    for (uint32_t rest = participants; rest != 0; rest &= rest - 1) {
      const int lane = __builtin_ctz(rest);
      const auto& other = *static_cast<const MatchArgument*>(lane_arguments[lane]);
      if (other.value_bits == own.value_bits) own.same |= 1u << lane;
    }
  });
}

template <class T>
MatchArgument match(uint32_t mask, T value, const char* intrinsic, SourceSite site) {
  static_assert(std::is_arithmetic_v<T> && (sizeof(T) == 4 || sizeof(T) == 8),
                "a match compares arithmetic values of 4 or 8 bytes");
  MatchArgument argument{0, 0, 0};
  std::memcpy(&argument.value_bits, &value, sizeof(T));
  meet_warp(mask, intrinsic, &argument, combine_match, site);
  return argument;
}

}  // namespace PACKPROOF_SIMT_BUILD
}  // namespace packproof::simt::detail

inline namespace PACKPROOF_SIMT_BUILD {

// The lanes of `mask` that have the caller's value.
template <class T>
unsigned __match_any_sync(unsigned mask, T value,
                          packproof::simt::SourceSite site = packproof::simt::SourceSite::here()) {
  return packproof::simt::detail::match(mask, value, "__match_any_sync", site).same;
}

// All lanes of `mask` when all have the same value, else 0; *all_same says which.
template <class T>
unsigned __match_all_sync(unsigned mask, T value, int* all_same,
                          packproof::simt::SourceSite site = packproof::simt::SourceSite::here()) {
  const auto result = packproof::simt::detail::match(mask, value, "__match_all_sync", site);
  *all_same = result.same == result.participants;
  return *all_same != 0 ? result.participants : 0;
}

}  // namespace PACKPROOF_SIMT_BUILD
