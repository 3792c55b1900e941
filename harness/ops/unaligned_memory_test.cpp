// Kernels with vector accesses on memory that does not allow them: each tensor in turn lies one
// element beyond an aligned address. A vector access there crashes on a GPU; here UBSan names it.
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/ops/op_list.h"
#include "harness/pipeline/pipeline.h"
#include "harness/testing/function_candidate.h"

namespace packproof::harness {
namespace {

// Runs `op` with the tensor `moved` (inputs, then outputs) elsewhere, and brings back what it
// wrote.
Returned run_with_one_moved(const Op& op, Call call, std::size_t moved) {
  const std::size_t inputs = call.inputs.size();
  Tensor& tensor = moved < inputs ? call.inputs[moved] : call.outputs[moved - inputs];
  void* const home = tensor.data;
  const std::size_t offset = size_of(tensor.dtype);
  std::vector<std::byte> elsewhere(tensor.bytes() + offset);  // from new: aligned to 16 bytes
  if (tensor.bytes() > 0) std::memcpy(elsewhere.data() + offset, home, tensor.bytes());
  tensor.data = elsewhere.data() + offset;
  const Returned returned = run_on_simt(op, call);
  if (tensor.bytes() > 0) std::memcpy(home, tensor.data, tensor.bytes());
  return returned;
}

class UnalignedMemory : public testing::TestWithParam<const char*> {};

TEST_P(UnalignedMemory, OfOneTensorIsNoFault) {
  const Case c = parse_descriptor(GetParam(), op_lookup());
  const Op& op = *find_op(c.op);
  const Signature signature = op.form.signature(c);
  for (std::size_t i = 0; i < signature.inputs.size() + signature.outputs.size(); ++i) {
    const Candidate candidate = function_candidate({c.op}, [i](const Op& run_op, const Call& call) {
      return run_with_one_moved(run_op, call, i);
    });
    const reports::Record record = judge(op, c, candidate, {});
    EXPECT_EQ(record.outcome, reports::Outcome::pass) << "tensor " << i << ": " << record.detail;
  }
}

// Each would use vectors if it could.
INSTANTIATE_TEST_SUITE_P(
    Ops, UnalignedMemory,
    testing::Values("seq_to_head:fwd dim=8 len=5,3", "seq_to_head:bwd dim=8 len=5,3",
                    "head_to_seq:fwd dim=8 len=5,3", "head_to_seq:bwd dim=8 len=5,3",
                    "causal_conv1d:fwd channels=16 state=both len=5,3 cap=9",
                    "causal_conv1d:bwd channels=16 state=both len=5,3 cap=9",
                    "causal_conv1d_update channels=16 len=5,3 cap=9",
                    "gdn_gating:fwd heads=8 len=5,3 cap=9", "gdn_gating:bwd heads=8 len=5,3 cap=9",
                    "l2norm:fwd heads=2 dim=64 len=5,3 cap=9",
                    "l2norm:bwd heads=2 dim=64 len=5,3 cap=9",
                    "rms_norm_gated:fwd heads=2 dim=64 len=5,3 cap=9",
                    "rms_norm_gated:bwd heads=2 dim=64 len=5,3 cap=9"));

}  // namespace
}  // namespace packproof::harness
