#include "harness/candidates/repeated_run.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/process/other_bits.h"

namespace packproof::harness {
namespace {

using Bytes = std::vector<std::byte>;

std::vector<Bytes> outputs_of(const Call& call) {
  std::vector<Bytes> all;
  for (const Tensor& output : call.outputs)
    all.emplace_back(output.as<std::byte>(), output.as<std::byte>() + output.bytes());
  return all;
}

void restore(const std::vector<Bytes>& outputs, const Call& call) {
  for (std::size_t i = 0; i < outputs.size(); ++i)
    std::copy(outputs[i].begin(), outputs[i].end(), call.outputs[i].as<std::byte>());
}

// Of the element that this byte of the tensor is in.
std::vector<std::int64_t> index_of(const Tensor& tensor, std::size_t byte) {
  auto flat = static_cast<std::int64_t>(byte / size_of(tensor.dtype));
  std::vector<std::int64_t> index(tensor.dims.size());
  for (std::size_t axis = index.size(); axis-- > 0;) {
    index[axis] = flat % tensor.size(axis);
    flat /= tensor.size(axis);
  }
  return index;
}

void expect_same(const std::vector<Bytes>& first, const Call& call, int run, int runs) {
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Tensor& output = call.outputs[i];
    const std::byte* const bits = output.as<std::byte>();
    const auto differs = std::mismatch(first[i].begin(), first[i].end(), bits);
    if (differs.first == first[i].end()) continue;
    const auto at = static_cast<std::size_t>(differs.second - bits);
    throw OtherBits(output.name, fmt::format("run {} of {} gave other bits at [{}]", run + 1, runs,
                                             fmt::join(index_of(output, at), ", ")));
  }
}

}  // namespace

Candidate repeated(const CandidateOfRun& candidate, int runs) {
  Candidate all = candidate(0);
  if (runs <= 1) return all;
  all.runs = runs;
  all.run = [candidate, runs](const Op& op, CallMemory& memory) {
    const std::vector<Bytes> start = outputs_of(memory.call());
    Returned returned = candidate(0).run(op, memory);
    const std::vector<Bytes> first = outputs_of(memory.call());
    for (int run = 1; run < runs; ++run) {
      restore(start, memory.call());
      if (candidate(run).run(op, memory) != returned)
        throw OtherBits(memory.call().outputs.front().name,
                        fmt::format("run {} of {} returned other outputs", run + 1, runs));
      expect_same(first, memory.call(), run, runs);
    }
    return returned;
  };
  return all;
}

}  // namespace packproof::harness
