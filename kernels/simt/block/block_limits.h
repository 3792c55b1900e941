// The shape of a block (CUDA programming guide, compute capabilities). Runtime only.
#pragma once

#include <cstdint>

namespace packproof::simt::detail {

constexpr uint32_t kLanes = 32;
constexpr uint32_t kMaxBlockThreads = 1024;
constexpr uint32_t kMaxBlockWarps = kMaxBlockThreads / kLanes;

}  // namespace packproof::simt::detail
