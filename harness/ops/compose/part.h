// What a step of a composed op runs: an op, or something that is part of layers alone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/ops/op.h"
#include "reference/core/judged_call.h"

namespace packproof::harness {

// A part's forward call reads and writes its ports. Its backward call reads those that the forward
// one reads and "d<port>" of those that it writes, and writes "d<port>" of the floating ones that
// it reads: as every op with a backward direction has it.
struct Part {
  std::vector<FieldSpec> fields;
  // Looks at dtypes and sizes of a forward call without memory, all ranks together. Throws
  // std::logic_error where they do not fit.
  std::function<void(const Call& shapes)> check;
  // Whether it can run on a rank's own tokens, the first of which is `first_token`; others want all
  // tokens of a share of the heads.
  bool takes_token_shards = false;
  // Our kernels, on one rank. A gradient that is fp32 while what it is of is not is to be left
  // unrounded: ranks add it up.
  std::function<void(const DeviceCall& call, std::int64_t first_token)> ours;
  std::function<void(const Call& call)> plain;
  std::function<void(const reference::JudgedCall& call)> judged;  // in float64
};

using FindPart = std::function<std::optional<Part>(std::string_view name)>;

// "linear", and the ops of ops.def that have a version in float64 for layers.
std::optional<Part> find_part(std::string_view name);

// Throws std::logic_error unless the call's tensors are those of the signature. Outputs may split
// their rows into other axes.
void check_against(const Signature& wanted, const Call& shapes);

}  // namespace packproof::harness
