// Over how many ranks a layer runs must not show in what it computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/testing/run_descriptor.h"

namespace packproof::harness {
namespace {

// Of one rank; expects that all ranks' copies of a gradient are the same bits.
Bytes first_copy(const OutputSpec& output, const Bytes& bytes) {
  const auto copies = output.dims[0].axis == Axis::rank ? output.dims[0].size : 1;
  const std::ptrdiff_t each = std::ssize(bytes) / copies;
  const Bytes first(bytes.begin(), bytes.begin() + each);
  for (std::int64_t rank = 1; rank < copies; ++rank)
    EXPECT_TRUE(std::equal(first.begin(), first.end(), bytes.begin() + rank * each))
        << output.name << " of rank " << rank;
  return first;
}

// A token's row is computed alike wherever it is. Sums over tokens are added in other groups: over
// ranks, or because the tiling of a kernel goes by how many channels it has.
bool keeps_its_bits(const std::string& name) { return name == "y" || name == "dhidden"; }

double distance(DType dtype, Bytes a, Bytes b) {
  double error = 0, size = 0;
  const auto at = [&](Bytes& bytes, std::int64_t i) {
    return load({.name = {}, .dtype = dtype, .dims = {}, .data = bytes.data()}, i);
  };
  for (std::int64_t i = 0; i < std::ssize(a) / static_cast<std::int64_t>(size_of(dtype)); ++i) {
    error += (at(a, i) - at(b, i)) * (at(a, i) - at(b, i));
    size += at(b, i) * at(b, i);
  }
  return std::sqrt(error / size);
}

TEST(GatedDeltaNetBlock, RanksDoNotShow) {
  for (const char* dtype : {"bf16", "fp16", "fp32"})
    for (const char* direction : {"fwd", "bwd"}) {
      const std::string fields = std::string("gated_delta_net_block:") + direction +
                                 " key_heads=4 hidden=40 dtype=" + dtype +
                                 " len=5,0,1,70,13 cap=92 seed=3 sp=";
      const Tensors one = run(fields + "1");
      for (const char* sp : {"2", "4"}) {
        const Tensors many = run(fields + sp);
        const Case c = parse_descriptor(fields + sp, op_lookup());
        for (const OutputSpec& output : find_op(c.op)->form.signature(c).outputs) {
          SCOPED_TRACE(output.name + " " + dtype + " on ranks: " + sp);
          const Bytes found = first_copy(output, many.at(output.name));
          const Bytes& expected = one.at(output.name);
          ASSERT_EQ(found.size(), expected.size());
          if (keeps_its_bits(output.name)) {
            EXPECT_TRUE(found == expected);
          } else {
            // fp32 roundings, then one to the dtype.
            EXPECT_LE(distance(output.dtype, found, expected), unit_roundoff(output.dtype) * 4);
          }
        }
      }
    }
}

}  // namespace
}  // namespace packproof::harness
