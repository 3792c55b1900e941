// The memory of one call: inputs filled, outputs poisoned (or, in place, a copy of an input),
// canaries around each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cases/core/call.h"
#include "harness/memory/guarded_buffer.h"
#include "harness/memory/shared_pages.h"
#include "reports/records/record.h"

namespace packproof::harness {

// The parts of a tensor's memory that hold anything: all of it, or the rows of a sparse one.
std::vector<std::span<std::byte>> held_memory(const Tensor& tensor);

class CallMemory {
 public:
  // Fills the inputs of `the_case` as seed + seed_offset gives them. `the_case` must outlive this.
  CallMemory(const Case& the_case, const Signature& signature, std::uint64_t seed_offset = 0);
  // The same in pages that another process may attach; there, all that is in them, to be run on.
  static CallMemory shared(const Case& the_case, const Signature& signature,
                           memory::SharedPages& pages);
  static CallMemory attached(const Case& the_case, const Signature& signature,
                             memory::SharedPages& pages);

  const Call& call() const { return call_; }

  // Under ASan every access to a guard is reported from here on, with its stack. For the process
  // that runs the candidate only.
  void shield();

  // What a candidate did to memory that is not its own: an input changed (contract C9) or a canary
  // overwritten.
  std::optional<reports::Mismatch> trespass() const;

  // The whole mapped region around each tensor, guards included, in the order inputs, outputs: what
  // a device copies so that its overruns show here.
  std::vector<memory::GuardedBuffer>& buffers() { return buffers_; }

 private:
  CallMemory() = default;
  void place(const Case& the_case, const Signature& signature, memory::SharedPages* pages);
  void fill(const Signature& signature, std::uint64_t seed_offset);

  Call call_;
  std::vector<memory::GuardedBuffer> buffers_;  // of the inputs, then of the outputs
  std::vector<std::uint64_t> input_hashes_;
};

}  // namespace packproof::harness
