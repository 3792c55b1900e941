// The activations of causal convolutions.
#pragma once

#include <cstdint>

namespace packproof {

enum class ConvActivation : std::uint8_t { none, silu };

}  // namespace packproof
