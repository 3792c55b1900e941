// A composed op (a layer, a model) as a list of steps: plain data. harness/ops/compose runs it by
// our kernels, by plain code and in float64 through the ops that the steps name; LibTorch's version
// is written by hand, so that wrong wiring meets a second opinion.
//
// Steps go from the op's inputs forwards; the way back follows from them. What a step makes is an
// edge, and an edge with a gradient is read once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/tensor.h"

namespace packproof {

// Which axis of a tensor the sequence-parallel ranks share out in equal runs.
enum class Shared : std::int8_t {
  alike = -1,  // none: every rank has all of it, the same
  first = 0,   // tokens; of a weight its rows
  second = 1,  // heads, or the features of heads
};

// A tensor between two steps. Its sizes are those of all ranks together.
struct Edge {
  std::string name;
  DType dtype{};
  Dims dims;
  Shared shared = Shared::alike;
};

// What the steps read of an input of the op: all of it, or a run of its rows (of the first axis).
struct InputEdge {
  std::string name;               // of the edge
  std::string tensor;             // the op's input
  Shared shared = Shared::alike;  // first or alike
  std::int64_t first_row = 0;
  std::int64_t rows = -1;  // -1: all from first_row on
};

// Which edge a step reads as which input of its op, and which edge its op's output is.
struct ReadPort {
  std::string port, edge;
};
struct MadePort {
  std::string port;
  Edge edge;
};

// A step of this name moves x to y, which the ranks share out by another axis: an all-to-all.
inline constexpr std::string_view kExchange = "exchange";

struct Step {
  std::string name;  // "delta_rule"; without dots, see rewired_input
  std::string op;    // of harness/ops/ops.def, "linear", or kExchange
  std::map<std::string, std::string, std::less<>> fields = {};  // those that differ from fallbacks
  std::vector<ReadPort> reads;
  std::vector<MadePort> makes;
};

struct StepList {
  std::vector<InputEdge> inputs;
  std::vector<Step> steps;
};

// A seeded bug of wiring hands the call one more input, under this name: the step then reads that
// instead of what its list says.
inline std::string rewired_input(std::string_view step, std::string_view port) {
  return std::string(step) + "." + std::string(port);
}

}  // namespace packproof
