// Kernels of the conformance suite: one warp executes one collective.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

enum class Collective {
  kShfl,  // `operand` is the lane, the delta or the lane mask
  kShflUp,
  kShflDown,
  kShflXor,
  kShflWide,  // 8 bytes: value, then its complement
  kBallot,    // the predicate is the value's lowest bit
  kAny,
  kAll,
  kMatchAny,
  kMatchAnyWide,
  kMatchAnyFloat,
  kMatchAll,
  kReduceAdd,
  kReduceMin,
  kReduceMax,
  kReduceMinSigned,
  kReduceMaxSigned,
  kReduceAnd,
  kReduceOr,
  kReduceXor,
};

struct CollectivesParams {
  Collective collective;
  int width;                     // of shuffles
  std::uint32_t group;           // these lanes call with this mask, then the others with theirs
  const std::uint32_t* values;   // [32]
  const std::int32_t* operands;  // [32]; of shuffles, uniform unless kShfl
  std::uint32_t* results;        // [32]; any, all: 0 or 1
  std::uint32_t* second;         // [32]; match_all: its predicate; kShflWide: the upper word
};

PACKPROOF_ON_EVERY_TARGET(void run_collective(const CollectivesParams& params, Stream stream))

}  // namespace packproof
