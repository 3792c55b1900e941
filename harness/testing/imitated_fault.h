// For tests of what a fault looks like: faults put around healthy kernels, and what their verdict
// says.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/evidence/altered_call.h"
#include "harness/memory/element_bits.h"
#include "harness/ops/op_list.h"
#include "harness/pipeline/pipeline.h"
#include "harness/testing/function_candidate.h"

namespace packproof::verdict {

class Imitation {
 public:
  Imitation(const harness::Op& op, const Call& judged) : call(judged), op_(op) {
    for (const Tensor& output : call.outputs) {
      before_.emplace_back(output.bytes());
      if (output.bytes() > 0) std::memcpy(before_.back().data(), output.data, output.bytes());
    }
  }
  Imitation(const Imitation&) = delete;
  Imitation& operator=(const Imitation&) = delete;

  const Call& call;

  void run() { harness::run_on_simt(op_, call); }
  const Tensor& out(std::string_view name) const { return call.output(TensorName(name)); }
  std::int64_t row_size(std::string_view name) const { return out(name).row_size(); }

  // What the kernels give with other inputs. Only its outputs are to be looked at; they live as
  // long as this.
  const Call& with(const AlteredCall& altered) {
    Call other = own(altered.call());
    harness::run_on_simt(op_, other);
    return others_.emplace_back(std::move(other));
  }

  // Rows [first, last) of an output become `value` of the element's index; NaN: stays.
  void edit(std::string_view name, std::int64_t first, std::int64_t last,
            const std::function<double(std::int64_t)>& value) const {
    const Tensor& tensor = out(name);
    for (std::int64_t e = first * tensor.row_size(); e < last * tensor.row_size(); ++e)
      store(tensor, e, value(e));
  }
  // The same, from another run, or a share of the way there.
  void take(std::string_view name, const Call& other, std::int64_t first, std::int64_t last,
            double share = 1) const {
    const Tensor &mine = out(name), &theirs = other.output(TensorName(name));
    edit(name, first, last,
         [&](std::int64_t e) { return load(mine, e) + share * (load(theirs, e) - load(mine, e)); });
  }
  void take(std::string_view name, const Call& other) const {
    take(name, other, 0, out(name).size(0));
  }

 private:
  // The call with outputs of its own, which hold what this one's held before the run.
  Call own(const Call& from) {
    Call result = from;
    for (std::size_t i = 0; i < result.outputs.size(); ++i) {
      Tensor& tensor = result.outputs[i];
      if (!tensor.dims.empty() && tensor.dims[0].axis == Axis::segment)
        tensor.dims[0].size = from.the_case->segments();
      tensor.data = memory_.emplace_back(tensor.bytes() / sizeof(std::uint64_t) + 1, 0).data();
      if (before_[i].size() == tensor.bytes() && tensor.bytes() > 0)
        std::memcpy(tensor.data, before_[i].data(), tensor.bytes());
    }
    return result;
  }

  const harness::Op& op_;
  std::deque<std::vector<std::uint64_t>> memory_;
  std::deque<Call> others_;
  std::vector<std::vector<std::byte>> before_;  // the run
};

// 0, 1, ..., n - 1, over and over: errors with no pattern that anything would explain.
inline double digit(std::int64_t element, std::int64_t n) {
  return static_cast<double>(element % n);
}

using Fault = std::function<void(Imitation&)>;

// What the verdict says of the fault: kind and evidence.
inline reports::Mismatch judged_fault(const std::string& descriptor, const Fault& fault) {
  const Case c = parse_descriptor(descriptor, harness::op_lookup());
  const harness::Candidate candidate =
      harness::function_candidate({c.op}, [&](const harness::Op& op, const Call& judged) {
        Imitation imitation(op, judged);
        fault(imitation);
        return all_outputs(judged);
      });
  const reports::Record record = harness::judge(*harness::find_op(c.op), c, candidate, {});
  EXPECT_EQ(record.outcome, reports::Outcome::mismatch) << descriptor << ": " << record.detail;
  return record.mismatch.value_or(reports::Mismatch{});
}

// A fault, the case that shows it, and the kind that it must look like ("": none).
struct Imitated {
  const char* what;
  const char* descriptor;
  const char* kind;
  Fault fault;
};

inline void expect_kinds(const std::vector<Imitated>& faults) {
  for (const Imitated& one : faults) {
    const reports::Mismatch found = judged_fault(one.descriptor, one.fault);
    EXPECT_EQ(found.fault, one.kind)
        << one.what << ", " << one.descriptor << ": " << found.tensor << " " << found.because;
    EXPECT_EQ(found.because.empty(), found.fault.empty()) << one.what;
  }
}

// Faults that change the call.

// Nobody is told of the boundaries before these segments.
inline const Call& without_boundaries(Imitation& imitation,
                                      const std::vector<std::int64_t>& before) {
  AlteredCall altered(imitation.call);
  std::vector<AlteredCall::Piece> pieces = altered.pieces();
  for (const std::int64_t s : before) {
    AlteredCall::Piece &one = pieces[static_cast<std::size_t>(s - 1)],
                       &next = pieces[static_cast<std::size_t>(s)];
    next.begin = one.begin;
    one.end = one.begin;
  }
  EXPECT_TRUE(altered.set_pieces(pieces));
  return imitation.with(altered);
}

}  // namespace packproof::verdict
