// The quick cases of pack and unpack see faults that such ops are known for.
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/memory/call_memory.h"
#include "harness/ops/op_list.h"
#include "harness/verdict/judge.h"

namespace packproof::harness {
namespace {

using Run = void (*)(const Op& op, const Call& call);

struct Opened {
  const Op* op;
  Case the_case;

  std::string text() const { return format_descriptor(the_case, op->form); }
};

std::vector<Opened> quick_cases(Expect expect) {
  std::vector<Opened> cases;
  for (const char* name : {"pack", "unpack"}) {
    const Op* op = find_op(name);
    for (const std::string& descriptor : op->form.descriptors(Tier::quick)) {
      Case c = parse_descriptor(descriptor, op_lookup());
      if (c.expect == expect) cases.push_back({op, std::move(c)});
    }
  }
  return cases;
}

verdict::Verdict compared(const Opened& opened, Run run) {
  const Signature signature = opened.op->form.signature(opened.the_case);
  const CallMemory memory(opened.the_case, signature);
  run(*opened.op, memory.call());
  const ReferenceResult reference = opened.op->reference(memory.call());
  return verdict::judge({.the_case = &opened.the_case,
                         .signature = &signature,
                         .outputs = memory.call().outputs,
                         .reference = &reference,
                         .plain = {}});
}

void healthy(const Op& op, const Call& call) { run_on_simt(op, call); }

// Every tensor one element beyond an aligned address.
void on_unaligned_memory(const Op& op, const Call& call) {
  std::vector<std::vector<std::byte>> memory;
  Call moved = call;
  const auto move = [&](Tensor& tensor) {
    const std::size_t offset = size_of(tensor.dtype);
    memory.emplace_back(tensor.bytes() + offset);
    std::memcpy(memory.back().data() + offset, tensor.data, tensor.bytes());
    tensor.data = memory.back().data() + offset;
  };
  for (Tensor& input : moved.inputs) move(input);
  for (Tensor& output : moved.outputs) move(output);
  run_on_simt(op, moved);
  for (std::size_t i = 0; i < call.outputs.size(); ++i)
    std::memcpy(call.outputs[i].data, moved.outputs[i].data, call.outputs[i].bytes());
}

TEST(PackCaseSet, UnalignedMemoryGivesTheSameBits) {
  for (const Opened& opened : quick_cases(Expect::pass)) {
    const verdict::Verdict comparison = compared(opened, on_unaligned_memory);
    EXPECT_EQ(comparison.outcome, reports::Outcome::pass) << opened.text() << comparison.detail;
  }
}

TEST(PackCaseSet, RefusalsLeaveOutputsAlone) {
  for (const Opened& opened : quick_cases(Expect::refused)) {
    const CallMemory memory(opened.the_case, opened.op->form.signature(opened.the_case));
    std::vector<std::vector<std::byte>> before;
    for (const Tensor& output : memory.call().outputs)
      before.emplace_back(output.as<std::byte>(), output.as<std::byte>() + output.bytes());
    EXPECT_THROW(run_on_simt(*opened.op, memory.call()), Refusal) << opened.text();
    for (std::size_t i = 0; i < before.size(); ++i) {
      const Tensor& output = memory.call().outputs[i];
      EXPECT_TRUE(before[i].empty() ||
                  std::memcmp(output.data, before[i].data(), output.bytes()) == 0)
          << opened.text() << ": wrote " << output.name;
    }
  }
}

// Every row comes from the place one further on.
void off_by_one_row(const Op& op, const Call& call) {
  const Tensor& rows = call.inputs[0];
  const auto row_bytes = static_cast<std::size_t>(rows.dims.back().size) * size_of(rows.dtype);
  std::vector<std::byte> shifted(rows.bytes());
  if (!shifted.empty()) {
    std::memcpy(shifted.data(), rows.as<std::byte>() + row_bytes, rows.bytes() - row_bytes);
    std::memcpy(shifted.data() + rows.bytes() - row_bytes, rows.data, row_bytes);
  }
  Call faulty = call;
  faulty.inputs[0].data = shifted.data();
  run_on_simt(op, faulty);
}

// Only the lengths of rows are used: tokens are taken to come first in each.
void right_padding_assumed(const Op& op, const Call& call) {
  const Tensor& mask = call.input("mask");
  std::vector<std::uint8_t> assumed(static_cast<std::size_t>(mask.count()), 0);
  for (std::int64_t b = 0; b < mask.size(0); ++b) {
    const auto first = static_cast<std::size_t>(b * mask.size(1));
    std::size_t next = first;
    for (std::int64_t i = 0; i < mask.size(1); ++i)
      if (mask.as<std::uint8_t>()[first + static_cast<std::size_t>(i)] != 0) assumed[next++] = 1;
  }
  Call faulty = call;
  for (Tensor& input : faulty.inputs)
    if (input.name == "mask") input.data = assumed.data();
  run_on_simt(op, faulty);
}

// Pads and slack rows hold the row before them instead of zeros.
void pads_leak(const Op& op, const Call& call) {
  healthy(op, call);
  const Tensor& mask = call.input("mask");
  const Tensor& rows = call.outputs[0];
  const auto row_bytes = static_cast<std::size_t>(rows.dims.back().size) * size_of(rows.dtype);
  const std::size_t count = rows.bytes() / row_bytes;
  const bool padded = rows.dims[0].axis == Axis::batch;
  const auto valid = static_cast<std::size_t>(call.the_case->valid_tokens());
  for (std::size_t row = 1; row < count; ++row) {
    const bool pad = padded ? mask.as<std::uint8_t>()[row] == 0 : row >= valid;
    std::byte* to = rows.as<std::byte>() + row * row_bytes;
    if (pad) std::memcpy(to, to - row_bytes, row_bytes);
  }
}

// "pack:fwd left", ... of each case that the fault does not pass.
std::multiset<std::string> caught(Run fault) {
  std::multiset<std::string> kinds;
  for (const Opened& opened : quick_cases(Expect::pass)) {
    if (compared(opened, fault).outcome != reports::Outcome::mismatch) continue;
    kinds.insert(opened.the_case.op + ":" + std::string(name_of(opened.the_case.direction)) + " " +
                 opened.the_case.word("padding"));
  }
  return kinds;
}

const char* const kCalls[] = {"pack:fwd", "pack:bwd", "unpack:fwd", "unpack:bwd"};

TEST(PackCaseSet, CatchesRowsOffByOne) {
  const auto kinds = caught(off_by_one_row);
  for (const std::string call : kCalls)
    for (const std::string padding : {" left", " right", " middle"})
      EXPECT_GE(kinds.count(call + padding), 1u) << call << padding;
}

TEST(PackCaseSet, CatchesRightPaddingAssumed) {
  const auto kinds = caught(right_padding_assumed);
  for (const std::string call : kCalls) {
    EXPECT_GE(kinds.count(call + " left"), 3u) << call;
    EXPECT_GE(kinds.count(call + " middle"), 1u) << call;
    EXPECT_EQ(kinds.count(call + " right"), 0u) << call << ": it is right there";
  }
}

TEST(PackCaseSet, CatchesLeakingPads) {
  const auto kinds = caught(pads_leak);
  for (const std::string call : kCalls) EXPECT_GE(kinds.count(call + " left"), 1u) << call;
  for (const std::string call : {"pack:bwd", "unpack:fwd"})
    for (const std::string padding : {" right", " middle"})
      EXPECT_GE(kinds.count(call + padding), 1u) << call << padding;
}

}  // namespace
}  // namespace packproof::harness
