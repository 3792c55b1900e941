// Over how many ranks a layer runs must not show in what it computes.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/inputs/make_inputs.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

using Bytes = std::vector<std::byte>;

struct Output {
  DType dtype;
  Bytes bytes;  // of one rank's copy

  double at(std::size_t i) const {
    Bytes element(bytes.begin() + static_cast<std::ptrdiff_t>(i * size_of(dtype)),
                  bytes.begin() + static_cast<std::ptrdiff_t>((i + 1) * size_of(dtype)));
    return load({.name = {}, .dtype = dtype, .dims = {}, .data = element.data()}, 0);
  }
  std::size_t size() const { return bytes.size() / size_of(dtype); }
};

// Runs the layer; expects that all ranks' copies of a gradient are the same bits.
std::map<std::string, Output> run(const std::string& descriptor) {
  const Case the_case = parse_descriptor(descriptor, op_lookup());
  const Op& op = *find_op(the_case.op);
  const Signature signature = op.form.signature(the_case);
  std::vector<Bytes> memory;
  memory.reserve(signature.inputs.size() + signature.outputs.size());
  const auto tensor = [&](const auto& spec) {
    Tensor t{.name = spec.name, .dtype = spec.dtype, .dims = spec.dims};
    t.data = memory.emplace_back(t.bytes()).data();
    return t;
  };
  Call call{.the_case = &the_case};
  for (const InputSpec& spec : signature.inputs) {
    call.inputs.push_back(tensor(spec));
    inputs::fill_input(the_case, signature, spec, call.inputs.back());
  }
  for (const OutputSpec& spec : signature.outputs) call.outputs.push_back(tensor(spec));
  run_on_simt(op, call);

  std::map<std::string, Output> outputs;
  for (const Tensor& t : call.outputs) {
    const auto copies = t.dims[0].axis == Axis::rank ? t.size(0) : 1;
    const std::size_t bytes = t.bytes() / static_cast<std::size_t>(copies);
    const auto* first = t.as<const std::byte>();
    for (std::int64_t rank = 1; rank < copies; ++rank)
      EXPECT_EQ(std::memcmp(first, first + static_cast<std::size_t>(rank) * bytes, bytes), 0)
          << t.name << " of rank " << rank;
    outputs[t.name] = {t.dtype, {first, first + bytes}};
  }
  return outputs;
}

// A token's row is computed alike wherever it is. Sums over tokens are added in other groups: over
// ranks, or because the tiling of a kernel goes by how many channels it has.
bool keeps_its_bits(const std::string& name) { return name == "y" || name == "dhidden"; }

double distance(const Output& a, const Output& b) {
  double error = 0, size = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    error += (a.at(i) - b.at(i)) * (a.at(i) - b.at(i));
    size += b.at(i) * b.at(i);
  }
  return std::sqrt(error / size);
}

TEST(GatedDeltaNetBlock, RanksDoNotShow) {
  for (const char* dtype : {"bf16", "fp16", "fp32"})
    for (const char* direction : {"fwd", "bwd"}) {
      const std::string fields = std::string("gated_delta_net_block:") + direction +
                                 " key_heads=4 hidden=40 dtype=" + dtype +
                                 " len=5,0,1,70,13 cap=92 seed=3 sp=";
      const auto one = run(fields + "1");
      for (const char* sp : {"2", "4"}) {
        const auto many = run(fields + sp);
        ASSERT_EQ(many.size(), one.size());
        for (const auto& [name, output] : many) {
          SCOPED_TRACE(name + " " + dtype + " on ranks: " + sp);
          const Output& expected = one.at(name);
          if (keeps_its_bits(name)) {
            EXPECT_TRUE(output.bytes == expected.bytes);
          } else {
            // fp32 roundings, then one to the dtype.
            EXPECT_LE(distance(output, expected), unit_roundoff(output.dtype) * 4);
          }
        }
      }
    }
}

}  // namespace
}  // namespace packproof::harness
