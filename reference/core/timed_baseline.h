// LibTorch's own ops in the case's dtype, as what candidates are timed against. No LibTorch type
// crosses this header: see decision-libtorch-boundary.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "cases/core/call.h"
#include "cases/core/reference_result.h"

namespace packproof::reference {

// How a baseline lays tokens out. Both hold what a training step holds already: packing, padding
// and masks are made before the clock starts.
enum class RowLayout : std::uint8_t {
  padded,  // [segments, longest, ...]: without packing
  packed,  // [1, valid tokens, ...]: the same op of LibTorch on packed rows
};

std::string_view name_of(RowLayout layout);  // "padded LibTorch", "packed LibTorch"

enum class TorchDevice : std::uint8_t { cpu, cuda };

struct TimedBaseline {
  // One run: forward, or backward alone (the graph is made before). On a GPU it returns as soon as
  // the default stream has it all. Throws Refusal where LibTorch has no memory for it.
  std::function<void()> run;
  // What the last run computed, for tests: packed rows without slack, only outputs with a baseline.
  std::function<ReferenceResult()> results;
};

// Copies the call's inputs to the device. Throws Refusal where LibTorch has no memory for it.
using MakeTimedBaseline = TimedBaseline (*)(const Call& call, RowLayout layout, TorchDevice device);

TimedBaseline causal_conv1d_timed(const Call& call, RowLayout layout, TorchDevice device);
TimedBaseline chunk_gated_delta_rule_timed(const Call& call, RowLayout layout, TorchDevice device);
TimedBaseline gdn_gating_timed(const Call& call, RowLayout layout, TorchDevice device);
TimedBaseline l2norm_timed(const Call& call, RowLayout layout, TorchDevice device);
TimedBaseline rms_norm_gated_timed(const Call& call, RowLayout layout, TorchDevice device);

// A matrix product [n, n] x [n, n], bf16 on a GPU and fp32 on a CPU, and a copy of `bytes` bytes:
// the ceilings of the machine.
TimedBaseline timed_matmul(std::int64_t n, TorchDevice device);
TimedBaseline timed_copy(std::int64_t bytes, TorchDevice device);

// Why LibTorch cannot run there; empty if it can. To be asked before anything else of LibTorch: on
// TorchDevice::cuda it loads the CUDA operators, and starts CUDA.
std::string why_no_libtorch(TorchDevice device);

// Gives memory back that LibTorch keeps for its next tensors.
void free_libtorch_memory(TorchDevice device);

}  // namespace packproof::reference
