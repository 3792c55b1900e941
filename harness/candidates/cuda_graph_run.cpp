#include "harness/candidates/cuda_graph_run.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "harness/candidates/cuda_run.h"

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

namespace {

#if PACKPROOF_HAS_CUDA

class CudaGraphRun final : public PreparedRun {
 public:
  CudaGraphRun(const Op& op, const HostCall& host)
      : run_(op, host, {.ranks = {}, .own_stream = true}),
        // Checks the call, and takes the scratch memory, which a capture must not.
        returned_(run_.run()),
        graph_(captured(op, *host.call.the_case)) {
    run_.load();
  }

  Returned run() override {
    graph_->replay(stream());
    return returned_;
  }
  void load() override { run_.load(); }
  void fetch() override { run_.fetch(); }
  Stream stream() const override { return run_.stream(); }

 private:
  std::unique_ptr<CapturedGraph> captured(const Op& op, const Case& the_case) {
    const Case other = with_other_segments(the_case, op.form);
    CallMemory memory(other, op.form.signature(other));
    run_.load(with_guards(memory));
    return std::make_unique<CapturedGraph>(stream(), [&] { run_.run_as(memory.call()); });
  }

  CudaRun run_;
  Returned returned_;
  std::unique_ptr<CapturedGraph> graph_;
};

#endif

constexpr std::string_view kName = "cuda-graph";

class CudaGraphExecutor final : public Executor {
 public:
  std::unique_ptr<PreparedRun> prepare([[maybe_unused]] const Op& op,
                                       [[maybe_unused]] const HostCall& call,
                                       Purpose) const override {
#if PACKPROOF_HAS_CUDA
    return std::make_unique<CudaGraphRun>(op, call);
#else
    throw std::runtime_error(why_no_cuda());
#endif
  }
  Device device() const override { return Device::gpu; }
  bool offers(const Op& op) const override { return can_be_captured(op); }
  bool shares_process() const override { return true; }
  void settle() const override { settle_cuda(); }
};

}  // namespace

CandidateKind cuda_graph_kind() {
  return {.form = std::string(kName),
          .names = {std::string(kName)},
          .find = [](std::string_view name, const HowToRun&) -> std::shared_ptr<const Executor> {
            if (name != kName) return nullptr;
            return std::make_shared<CudaGraphExecutor>();
          },
          .why_not_here = why_no_cuda};
}

}  // namespace packproof::harness
