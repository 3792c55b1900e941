#include "harness/candidates/cuda_graph_run.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include "harness/candidates/cuda_run.h"
#include "harness/gpu/captured_graph.h"
#include "harness/gpu/device_memory.h"

namespace packproof::harness {
namespace {

bool same_dims(const Signature& one, const Signature& other) {
  const auto same = [](const auto& a, const auto& b) {
    return a.name == b.name && a.dtype == b.dtype && a.dims == b.dims;
  };
  return std::ranges::equal(one.inputs, other.inputs, same) &&
         std::ranges::equal(one.outputs, other.outputs, same);
}

}  // namespace

Case with_other_segments(const Case& the_case, const OpForm& form) {
  const Signature wanted = form.signature(the_case);
  if (!the_case.raw_cu_seqlens && !the_case.lengths.empty()) {
    std::vector<std::int64_t> all_in_last(the_case.lengths.size());
    all_in_last.back() = the_case.valid_tokens();
    const std::vector<std::int64_t> reversed(the_case.lengths.rbegin(), the_case.lengths.rend());
    for (const std::vector<std::int64_t>& lengths : {all_in_last, reversed}) {
      if (lengths == the_case.lengths) continue;
      Case other = the_case;
      other.lengths = lengths;
      try {
        if (same_dims(form.signature(other), wanted)) return other;
      } catch (const CaseError&) {
        // Fields that do not suit these lengths: the next ones may.
      }
    }
  }
  Case other = the_case;
  ++other.seed;
  return other;
}

bool can_be_captured(const Op& op) { return op.form.ranks == nullptr && !op.waits_for_device; }

#if PACKPROOF_HAS_CUDA

Returned run_on_cuda_graph(const Op& op, CallMemory& memory) {
  const OwnStream stream;
  const HostCall host = with_guards(memory);
  DeviceTensors tensors(host, stream.get());
  DeviceScratch scratch(stream.get());
  const auto run = [&](const Call& call) {
    scratch.rewind();
    return op.ours({
        .host = call,
        .device = tensors.call(),
        .target = Target::cuda,
        .stream = stream.get(),
        .workspace = [&](std::size_t bytes) { return scratch(bytes); },
        .copy_to_host =
            [](void*, const void*, std::size_t) {
              throw std::logic_error("an op that waits for the device cannot be captured");
            },
        .on_ranks =
            [](int, const RankPart&) {
              throw std::logic_error("an op with ranks cannot be captured");
            },
    });
  };
  // Checks the call, and takes the scratch memory, which a capture must not.
  Returned returned = run(memory.call());
  const Case other = with_other_segments(*memory.call().the_case, op.form);
  CallMemory captured(other, op.form.signature(other));
  tensors.upload(with_guards(captured));
  const CapturedGraph graph(stream.get(), [&] { run(captured.call()); });
  tensors.upload(host);
  graph.replay(stream.get());
  tensors.download(host);
  return returned;
}

#else

Returned run_on_cuda_graph(const Op&, CallMemory&) { throw std::runtime_error(why_no_cuda()); }

#endif

}  // namespace packproof::harness
