// Whether a delta rule normalises q and k itself.
#pragma once

#include <cstdint>

namespace packproof {

enum class KeyNorm : std::uint8_t { none, l2 };

}  // namespace packproof
