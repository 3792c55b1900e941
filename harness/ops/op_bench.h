// What a benchmark needs to know of an op.
#pragma once

#include <cstdint>
#include <string>

#include "cases/core/case.h"
#include "cases/forms/model_shapes.h"
#include "reference/core/timed_baseline.h"

namespace packproof::harness {

// Which lengths an op meets.
enum class BenchLengths : std::uint8_t {
  training,  // packed rows of many tokens
  decode,    // one token a sequence
};

struct OpBench {
  // Fields of a descriptor for a layer of a model: "channels=8192 bias=absent". Null: never timed.
  std::string (*fields)(const ModelShape&, Direction) = nullptr;
  BenchLengths lengths = BenchLengths::training;
  // Arithmetic of the definition over the case's valid tokens, a multiply and an add counted as
  // two; null where data only moves.
  double (*flops)(const Case&) = nullptr;
  // What has to be read and written, where that is not all inputs and outputs.
  double (*bytes)(const Case&) = nullptr;
  // LibTorch's own op; null where it has none worth timing.
  reference::MakeTimedBaseline baseline = nullptr;
};

// For ops on tokens alone, which are the same in every layer.
inline std::string no_layer_fields(const ModelShape&, Direction) { return {}; }

}  // namespace packproof::harness
