// An op with all of its implementations. Each file in this folder fills in one.
#pragma once

#include <cstddef>
#include <functional>

#include "cases/core/call.h"
#include "cases/core/op_form.h"
#include "cases/core/reference_result.h"
#include "harness/ops/op_bench.h"
#include "harness/ranks/rank_call.h"
#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof::harness {

// One call as a launcher needs it: the same tensors as the host and as the target see them. On the
// host executor both are the same memory.
struct DeviceCall {
  Call host;    // input values may be read here, for checks before the launch
  Call device;  // what to pass to the kernel
  Target target = Target::simt;
  Stream stream = nullptr;
  // Scratch memory of the target, 256-byte aligned, poisoned, freed after the call.
  std::function<void*(std::size_t bytes)> workspace;
  // Waits for the launches made so far, then copies target memory to the host: for a status that
  // the kernels wrote.
  std::function<void(void* host, const void* device, std::size_t bytes)> copy_to_host;
  // Runs `part` on `world` ranks at the same time and waits for all. Tensors are those of the whole
  // group: rank r reads its own share of the inputs, and writes the r-th of `world` equal parts of
  // every output.
  std::function<void(int world, const RankPart& part)> on_ranks;
};

struct Op {
  OpForm form;
  // Our kernels: checks the call (throws Refusal), launches, says what it returned.
  Returned (*ours)(const DeviceCall&) = nullptr;
  // Float64 by the definition.
  ReferenceResult (*reference)(const Call&) = nullptr;
  // Straightforward low-precision implementation with stated rounding points; what a limit is
  // measured from. Only ops with outputs judged by tolerance have one.
  Returned (*plain)(const Call&) = nullptr;
  // Padded LibTorch in float64: a second opinion on the reference.
  ReferenceResult (*padded)(const Call&) = nullptr;
  // Reads a status back between its launches (DeviceCall::copy_to_host).
  bool waits_for_device = false;
  // Multiplies what it masks: a NaN or an infinity may reach any token of its own segment, those
  // before it too.
  bool works_in_chunks = false;
  OpBench bench = {};
};

}  // namespace packproof::harness
