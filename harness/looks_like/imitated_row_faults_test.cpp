// Faults of ops that see each token by itself, of weight gradients, and of what moves rows.
#include <cmath>
#include <limits>

#include "harness/memory/poison.h"
#include "harness/testing/imitated_fault.h"

namespace packproof::verdict {
namespace {

const char* const kNorm = "rms_norm_gated:fwd dtype=bf16 heads=2 dim=16 len=40,30";
const char* const kNormBackward = "rms_norm_gated:bwd dtype=bf16 heads=2 dim=16 len=40,30,50,20";
const char* const kConvBackward =
    "causal_conv1d:bwd dtype=bf16 channels=8 state=both len=40,30,50,20";

// An output as it is with the rows [first, last) of an upstream gradient alone set to zero.
const Call& without(Imitation& imitation, const char* upstream, std::int64_t first,
                    std::int64_t last) {
  AlteredCall altered(imitation.call);
  const std::int64_t size = axis_stride(imitation.call.input(TensorName(upstream)).dims, 0);
  altered.edit(upstream,
               [&](std::int64_t e) { return e >= first * size && e < last * size ? 0 : NAN; });
  return imitation.with(altered);
}

TEST(ImitatedFaults, OfTokenOps) {
  expect_kinds({
      {"another epsilon", kNorm, "wrong everywhere, boundaries or not",
       [](Imitation& i) {
         i.run();
         i.edit("y", 0, 70,
                [&](auto e) { return load(i.out("y"), e) * (0.5 + 0.1 * digit(e, 5)); });
       }},
      {"first tokens of the second segment", kNorm, "",
       [](Imitation& i) {
         i.run();
         i.edit("y", 40, 43, [&](auto e) { return load(i.out("y"), e) + 0.1 * digit(e, 7); });
       }},
      {"all of the second segment", kNorm, "",
       [](Imitation& i) {
         i.run();
         i.edit("y", 40, 70, [&](auto e) { return load(i.out("y"), e) + 0.1 * digit(e, 7); });
       }},
      {"the gate of another head", kNorm, "wrong head",
       [](Imitation& i) {
         i.run();
         AlteredCall altered(i.call);
         const Tensor z = i.call.input("z");
         altered.edit("z", [&](auto e) { return load(z, e / 32 * 32 + (e + 16) % 32); });
         i.take("y", i.with(altered));
       }},
      {"NaN of zero rows", "l2norm:bwd dtype=bf16 heads=2 dim=16 zeros=some len=40,30",
       "NaN where the result is finite",
       [](Imitation& i) {
         i.run();
         i.edit("dx", 50, 52, [](auto) { return std::numeric_limits<double>::quiet_NaN(); });
       }},
      {"log decay without its sign", "gdn_gating:fwd dtype=bf16 heads=4 len=40,30", "wrong sign",
       [](Imitation& i) {
         i.run();
         i.edit("g", 0, 70, [&](auto e) { return -load(i.out("g"), e); });
       }},
      {"rows beyond a block are skipped", "gdn_gating:fwd dtype=bf16 heads=4 len=40,30",
       "unwritten tail",
       [](Imitation& i) {
         i.run();
         for (std::int64_t e = 64 * 4; e < 70 * 4; ++e)
           memory::set_bits(i.out("beta"), e, memory::kPoison32);
       }},
      {"zeros where a head ends", "l2norm:fwd dtype=bf16 heads=2 dim=16 len=40,30", "left at zero",
       [](Imitation& i) {
         i.run();
         i.edit("y", 0, 70, [&](auto e) { return e % 16 < 8 ? load(i.out("y"), e) : 0; });
       }},
  });
}

TEST(ImitatedFaults, OfWeightGradients) {
  expect_kinds({
      {"the last segment is left out", kConvBackward, "missing term in a gradient",
       [](Imitation& i) {
         i.run();
         i.take("dweight", without(i, "dy", 120, 140));
       }},
      {"two segments are left out", kNormBackward, "missing term in a gradient",
       [](Imitation& i) {
         i.run();
         i.take("dweight", without(i, "dy", 40, 120));
       }},
      {"a segment twice", kNormBackward, "term of a gradient counted twice",
       [](Imitation& i) {
         i.run();
         const Call& other = without(i, "dy", 40, 70);
         i.edit("dweight", 0, 16, [&](auto e) {
           return 2 * load(i.out("dweight"), e) - load(other.output("dweight"), e);
         });
       }},
      {"dfinal_state is left out", kConvBackward, "missing term in a gradient",
       [](Imitation& i) {
         i.run();
         i.take("dx", without(i, "dfinal_state", 0, 4));
       }},
      {"halved", kConvBackward, "wrong scale",
       [](Imitation& i) {
         i.run();
         i.edit("dweight", 0, 8, [&](auto e) { return load(i.out("dweight"), e) / 2; });
       }},
  });
}

TEST(ImitatedFaults, OfWhatMovesRows) {
  expect_kinds({
      {"shares of other ranks", "sp_split:fwd dtype=bf16 sp=4 dim=8 len=9,7", "exchanged ranks",
       [](Imitation& i) {
         i.run();
         const Call& copy = i.with(AlteredCall(i.call));
         const std::int64_t size = i.row_size("y");
         i.edit("y", 0, 4, [&](auto e) { return load(copy.output("y"), (e + size) % (4 * size)); });
       }},
      {"heads of another rank", "seq_to_head:fwd dtype=bf16 heads=4 sp=2 dim=8 len=9,7",
       "exchanged ranks",
       [](Imitation& i) {
         i.run();
         const Call& copy = i.with(AlteredCall(i.call));
         const std::int64_t size = i.row_size("y");
         i.edit("y", 0, 2, [&](auto e) { return load(copy.output("y"), (e + size) % (2 * size)); });
       }},
      {"heads in another order", "seq_to_head:fwd dtype=bf16 heads=4 sp=2 dim=8 len=9,7",
       "wrong head",
       [](Imitation& i) {
         i.run();
         const Call& copy = i.with(AlteredCall(i.call));
         i.edit("y", 0, 2,
                [&](auto e) { return load(copy.output("y"), e / 16 * 16 + (e + 8) % 16); });
       }},
      {"pads are counted", "sequence_index len=5,0,3 cap=9", "pads joined the last segment",
       [](Imitation& i) {
         i.run();
         i.edit("sequence_index", 8, 9, [](auto) { return 2; });
       }},
      {"boundaries a row late", "sequence_index len=5,4,3", "off by one",
       [](Imitation& i) {
         i.run();
         i.edit("sequence_index", 5, 6, [](auto) { return 0; });
         i.edit("sequence_index", 9, 10, [](auto) { return 1; });
       }},
      {"the token before the last", "last_token_pool:fwd dtype=bf16 dim=8 len=5,4,3", "off by one",
       [](Imitation& i) {
         i.run();
         const Tensor& x = i.call.inputs[0];
         i.edit("y", 0, 3, [&](auto e) {
           const std::int64_t rows[] = {3, 7, 10};
           return load(x, rows[e / 8] * 8 + e % 8);
         });
       }},
      {"the last label is the neighbour's", "shift_labels len=5,4,3", "leak across a boundary",
       [](Imitation& i) {
         i.run();
         const Tensor& labels = i.call.inputs[0];
         for (const std::int64_t row : {4, 8})
           i.edit(i.call.outputs[0].name, row, row + 1,
                  [&](auto e) { return load(labels, e + 1); });
       }},
  });
}

}  // namespace
}  // namespace packproof::verdict
