// For tests of what ops are to each other: runs one as a descriptor says, on inputs of the test's
// own.
#pragma once

#include <cstddef>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/memory/call_memory.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {

using Bytes = std::vector<std::byte>;
using Tensors = std::map<std::string, Bytes, std::less<>>;

inline Bytes bytes_of(const Tensor& tensor) {
  if (tensor.bytes() == 0) return {};
  return {tensor.as<std::byte>(), tensor.as<std::byte>() + tensor.bytes()};
}

// Inputs and outputs of a run whose inputs are the generated ones, but for those `given`.
inline Tensors run(const std::string& descriptor, const Tensors& given = {}) {
  SCOPED_TRACE(descriptor);
  const Case the_case = parse_descriptor(descriptor, op_lookup());
  const Op& op = *find_op(the_case.op);
  CallMemory memory(the_case, op.form.signature(the_case));
  const Call call = memory.call();
  Tensors all;
  for (const Tensor& input : call.inputs) {
    const auto found = given.find(input.name);
    if (found != given.end() && input.bytes() > 0) {
      EXPECT_EQ(found->second.size(), input.bytes()) << input.name;
      std::memcpy(input.data, found->second.data(), input.bytes());
    }
    all[input.name] = bytes_of(input);
  }
  run_on_simt(op, call);
  for (const Tensor& output : call.outputs) all[output.name] = bytes_of(output);
  return all;
}

}  // namespace packproof::harness
