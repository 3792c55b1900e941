// Warp collectives on the host. Host only.
// As on the device, lanes that have exited do not count, and a value taken from a lane that is
// not there is undefined (here: all bits set). Stricter than the device: the lanes of one
// collective must call it from one source line (__syncwarp apart), and two pending collectives
// may not overlap in lanes. There is no __activemask: what it returns is up to the hardware.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <type_traits>

#include "kernels/simt/api/host_build.h"
#include "kernels/simt/api/runtime_calls.h"
#include "kernels/simt/api/thread_coordinates.h"

namespace packproof::simt::detail {
inline namespace PACKPROOF_SIMT_BUILD {

// Calls visit(argument) for each participating lane, lowest first.
template <class Argument, class Visit>
void for_each_lane(void* const* lane_arguments, uint32_t participants, Visit visit) {
  for (uint32_t rest = participants; rest != 0; rest &= rest - 1) {
    visit(*static_cast<Argument*>(lane_arguments[__builtin_ctz(rest)]));
  }
}

constexpr int kOwnValue = -1;

struct ShuffleArgument {
  uint64_t value_bits;
  int source_lane;  // or kOwnValue
  uint64_t result_bits;
};

inline void combine_shuffle(void* const* lane_arguments, uint32_t participants) {
  for_each_lane<ShuffleArgument>(lane_arguments, participants, [&](ShuffleArgument& own) {
    if (own.source_lane == kOwnValue) {
      own.result_bits = own.value_bits;
    } else if ((participants >> own.source_lane & 1u) != 0) {
      own.result_bits =
          static_cast<const ShuffleArgument*>(lane_arguments[own.source_lane])->value_bits;
    } else {
      own.result_bits = ~uint64_t{0};
    }
  });
}

template <class T>
T shuffle(uint32_t mask, T value, int source_lane, const char* intrinsic, SourceSite site) {
  static_assert(sizeof(T) <= 8 && std::is_trivially_copyable_v<T>,
                "a shuffle moves plain values of at most 8 bytes");
  ShuffleArgument argument{0, source_lane, 0};
  std::memcpy(&argument.value_bits, &value, sizeof(T));
  meet_warp(mask, intrinsic, &argument, combine_shuffle, site);
  T result;
  std::memcpy(&result, &argument.result_bits, sizeof(T));
  return result;
}

// First and last lane of the running lane's group of `width` lanes.
struct LaneGroup {
  int first;
  int last;
};

inline LaneGroup lane_group(int width, SourceSite site) {
  if (width < 1 || width > warpSize || (width & (width - 1)) != 0) {
    fail_thread(site, "shuffle width %d is not 1, 2, 4, 8, 16 or 32", width);
  }
  const int first = static_cast<int>(current_lane) & ~(width - 1);
  return {first, first + width - 1};
}

struct BallotArgument {
  bool predicate;
  uint32_t votes;
  uint32_t voters;
};

inline void combine_ballot(void* const* lane_arguments, uint32_t participants) {
  uint32_t votes = 0;
  for (uint32_t lane = 0; lane < 32; ++lane) {
    if ((participants >> lane & 1u) != 0 &&
        static_cast<const BallotArgument*>(lane_arguments[lane])->predicate) {
      votes |= 1u << lane;
    }
  }
  for_each_lane<BallotArgument>(lane_arguments, participants, [&](BallotArgument& own) {
    own.votes = votes;
    own.voters = participants;
  });
}

inline BallotArgument ballot(uint32_t mask, int predicate, const char* intrinsic, SourceSite site) {
  BallotArgument argument{predicate != 0, 0, 0};
  meet_warp(mask, intrinsic, &argument, combine_ballot, site);
  return argument;
}

// Operation: T operator()(T, T), associative and commutative.
template <class Operation, class T>
T reduce(uint32_t mask, T value, const char* intrinsic, SourceSite site) {
  auto combine = [](void* const* lane_arguments, uint32_t participants) {
    T total = *static_cast<const T*>(lane_arguments[__builtin_ctz(participants)]);
    for_each_lane<T>(lane_arguments, participants & (participants - 1),
                     [&](T& own) { total = Operation{}(total, own); });
    for_each_lane<T>(lane_arguments, participants, [&](T& own) { own = total; });
  };
  meet_warp(mask, intrinsic, &value, combine, site);
  return value;
}

struct WrappingSum {
  template <class T>
  T operator()(T a, T b) const {
    return static_cast<T>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
  }
};
struct Minimum {
  template <class T>
  T operator()(T a, T b) const {
    return std::min(a, b);
  }
};
struct Maximum {
  template <class T>
  T operator()(T a, T b) const {
    return std::max(a, b);
  }
};

}  // namespace PACKPROOF_SIMT_BUILD
}  // namespace packproof::simt::detail

#define PACKPROOF_SIMT_CALLER packproof::simt::SourceSite site = packproof::simt::SourceSite::here()

inline namespace PACKPROOF_SIMT_BUILD {

inline void __syncwarp(unsigned mask = packproof::simt::detail::kFullMask, PACKPROOF_SIMT_CALLER) {
  packproof::simt::detail::meet_warp(mask, "__syncwarp", nullptr, nullptr, site);
}

template <class T>
T __shfl_sync(unsigned mask, T value, int source_lane, int width = warpSize,
              PACKPROOF_SIMT_CALLER) {
  const int source =
      packproof::simt::detail::lane_group(width, site).first | (source_lane & (width - 1));
  return packproof::simt::detail::shuffle(mask, value, source, "__shfl_sync", site);
}

// The hardware takes five bits of a distance; a source outside the group gives the own value.
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                 PACKPROOF_SIMT_CALLER) {
  const auto group = packproof::simt::detail::lane_group(width, site);
  const int source =
      static_cast<int>(packproof::simt::detail::current_lane) - static_cast<int>(delta & 31u);
  return packproof::simt::detail::shuffle(
      mask, value, source < group.first ? packproof::simt::detail::kOwnValue : source,
      "__shfl_up_sync", site);
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                   PACKPROOF_SIMT_CALLER) {
  const auto group = packproof::simt::detail::lane_group(width, site);
  const int source =
      static_cast<int>(packproof::simt::detail::current_lane) + static_cast<int>(delta & 31u);
  return packproof::simt::detail::shuffle(
      mask, value, source > group.last ? packproof::simt::detail::kOwnValue : source,
      "__shfl_down_sync", site);
}

// A lane of an earlier group is a valid source here, one of a later group is not.
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = warpSize,
                  PACKPROOF_SIMT_CALLER) {
  const auto group = packproof::simt::detail::lane_group(width, site);
  const int source = static_cast<int>(packproof::simt::detail::current_lane) ^ (lane_mask & 31);
  return packproof::simt::detail::shuffle(
      mask, value, source > group.last ? packproof::simt::detail::kOwnValue : source,
      "__shfl_xor_sync", site);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, PACKPROOF_SIMT_CALLER) {
  return packproof::simt::detail::ballot(mask, predicate, "__ballot_sync", site).votes;
}
inline int __any_sync(unsigned mask, int predicate, PACKPROOF_SIMT_CALLER) {
  return packproof::simt::detail::ballot(mask, predicate, "__any_sync", site).votes != 0;
}
inline int __all_sync(unsigned mask, int predicate, PACKPROOF_SIMT_CALLER) {
  const auto result = packproof::simt::detail::ballot(mask, predicate, "__all_sync", site);
  return result.votes == result.voters;
}

#define PACKPROOF_SIMT_REDUCE(intrinsic, Operation, T)                \
  inline T intrinsic(unsigned mask, T value, PACKPROOF_SIMT_CALLER) { \
    using namespace packproof::simt::detail;                          \
    return reduce<Operation>(mask, value, #intrinsic, site);          \
  }
PACKPROOF_SIMT_REDUCE(__reduce_add_sync, WrappingSum, unsigned)
PACKPROOF_SIMT_REDUCE(__reduce_add_sync, WrappingSum, int)
PACKPROOF_SIMT_REDUCE(__reduce_min_sync, Minimum, unsigned)
PACKPROOF_SIMT_REDUCE(__reduce_min_sync, Minimum, int)
PACKPROOF_SIMT_REDUCE(__reduce_max_sync, Maximum, unsigned)
PACKPROOF_SIMT_REDUCE(__reduce_max_sync, Maximum, int)
PACKPROOF_SIMT_REDUCE(__reduce_and_sync, std::bit_and<>, unsigned)
PACKPROOF_SIMT_REDUCE(__reduce_or_sync, std::bit_or<>, unsigned)
PACKPROOF_SIMT_REDUCE(__reduce_xor_sync, std::bit_xor<>, unsigned)
#undef PACKPROOF_SIMT_REDUCE

}  // namespace PACKPROOF_SIMT_BUILD
#undef PACKPROOF_SIMT_CALLER
