// What a reference computes for one output.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/call.h"

namespace packproof {

// Values of one output in float64, row-major over the output's dims. Slack rows are not judged
// against it and may hold anything.
struct ReferenceTensor {
  std::string name;
  std::vector<double> value;
  // Sum of the magnitudes of the terms behind each value: the conditioning of the sum. Empty for
  // outputs that are judged by bits.
  std::vector<double> magnitude;
  // Bit patterns, for floating outputs that are judged by bits (data movement keeps NaN payloads).
  // Empty: the bits are those of `value`.
  std::vector<std::uint64_t> bits;
};

using ReferenceResult = std::vector<ReferenceTensor>;

// Computes every output of the call in float64 from its inputs. Never reads or writes the outputs.
using Reference = std::function<ReferenceResult(const Call&)>;

}  // namespace packproof
