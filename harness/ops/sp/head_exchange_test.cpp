// What the two halves of the exchange are to each other, on our kernels.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

// Runs `op` from one block of memory to another.
std::vector<std::byte> run(const std::string& descriptor, const std::vector<std::byte>& input) {
  const Case the_case = parse_descriptor(descriptor, op_lookup());
  const Op& op = *find_op(the_case.op);
  const Signature signature = op.form.signature(the_case);
  std::vector<std::byte> from = input, to(input.size());
  Call call{.the_case = &the_case};
  const InputSpec& in = signature.inputs[0];
  const OutputSpec& out = signature.outputs[0];
  call.inputs = {{.name = in.name, .dtype = in.dtype, .dims = in.dims, .data = from.data()}};
  call.outputs = {{.name = out.name, .dtype = out.dtype, .dims = out.dims, .data = to.data()}};
  run_on_simt(op, call);
  return to;
}

std::vector<std::byte> numbered(std::size_t count) {
  std::vector<std::byte> bytes(count * sizeof(float));
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<float>(i);
    std::memcpy(bytes.data() + i * sizeof(value), &value, sizeof(value));
  }
  return bytes;
}

// Catches halves that agree with nothing but themselves.
TEST(HeadExchange, ThereAndBackIsWhereItBegan) {
  for (const char* ranks : {"sp=1", "sp=2", "sp=4", "sp=2 ring=2", "sp=2 ring=3", "sp=1 ring=4"}) {
    SCOPED_TRACE(ranks);
    const std::string fields = std::string(" dtype=fp32 heads=8 dim=3 batch=2 len=5,7 ") + ranks;
    const std::vector<std::byte> x = numbered(std::size_t{2} * 12 * 8 * 3);
    EXPECT_EQ(run("head_to_seq:fwd" + fields, run("seq_to_head:fwd" + fields, x)), x);
    EXPECT_EQ(run("seq_to_head:bwd" + fields, run("seq_to_head:fwd" + fields, x)), x);
    EXPECT_EQ(run("head_to_seq:bwd" + fields, run("head_to_seq:fwd" + fields, x)), x);
  }
}

}  // namespace
}  // namespace packproof::harness
