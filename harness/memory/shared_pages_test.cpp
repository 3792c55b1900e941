#include "harness/memory/shared_pages.h"

#include <gtest/gtest.h>

#include <cstring>

#include "cases/language/descriptor.h"
#include "harness/memory/call_memory.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

std::vector<std::byte> bytes_of(const Tensor& tensor) {
  const auto* data = tensor.as<std::byte>();
  return {data, data + tensor.bytes()};
}

class SharedCalls : public testing::Test {
 protected:
  Case the_case = parse_descriptor("causal_conv1d_update channels=8 len=3*1", op_lookup());
  Signature signature = find_op(the_case.op)->form.signature(the_case);
  memory::SharedPages pages;
};

TEST_F(SharedCalls, AreWhatTheyWouldBeInMemoryOfTheirOwn) {
  const CallMemory own(the_case, signature);
  const CallMemory shared = CallMemory::shared(the_case, signature, pages);
  const CallMemory attached = CallMemory::attached(the_case, signature, pages);
  for (const auto tensors : {&Call::inputs, &Call::outputs})
    for (std::size_t i = 0; i < (own.call().*tensors).size(); ++i) {
      const Tensor& one = (own.call().*tensors)[i];
      EXPECT_EQ(bytes_of((shared.call().*tensors)[i]), bytes_of(one)) << one.name;
      EXPECT_EQ(bytes_of((attached.call().*tensors)[i]), bytes_of(one)) << one.name;
    }
  EXPECT_FALSE(shared.trespass());
}

TEST_F(SharedCalls, ShowWhatIsDoneToThemWhereTheyAreAttached) {
  const CallMemory shared = CallMemory::shared(the_case, signature, pages);
  const CallMemory attached = CallMemory::attached(the_case, signature, pages);
  const Tensor &there = attached.call().outputs.front(), &here = shared.call().outputs.front();
  std::memset(there.data, 7, there.bytes() + 3);
  EXPECT_EQ(bytes_of(here), bytes_of(there));
  ASSERT_TRUE(shared.trespass());
  EXPECT_EQ(shared.trespass()->got, "wrote 3 bytes past the end");
}

TEST_F(SharedCalls, BeginAgainWithNothingLeft) {
  {
    const CallMemory first = CallMemory::shared(the_case, signature, pages);
    for (const Tensor& output : first.call().outputs)
      std::memset(output.data, 7, output.bytes() + 3);
  }
  const CallMemory own(the_case, signature);
  const CallMemory second = CallMemory::shared(the_case, signature, pages);
  EXPECT_FALSE(second.trespass());
  for (std::size_t i = 0; i < own.call().outputs.size(); ++i)
    EXPECT_EQ(bytes_of(second.call().outputs[i]), bytes_of(own.call().outputs[i]));
}

}  // namespace
}  // namespace packproof::harness
