// Faults of the ops whose tokens see others, and what they look like.
#include <cmath>

#include "harness/memory/poison.h"
#include "harness/testing/imitated_fault.h"

namespace packproof::verdict {
namespace {

const char* const kConv = "causal_conv1d:fwd dtype=bf16 channels=8 len=40,0,30,150";
const char* const kConvStates = "causal_conv1d:fwd dtype=bf16 channels=8 state=both len=40,30,150";
const char* const kConvBackward = "causal_conv1d:bwd dtype=bf16 channels=8 len=40,0,30,150";

// Each segment is cut into pieces that know nothing of each other.
const Call& cut_every(Imitation& imitation, std::int64_t tokens) {
  AlteredCall altered(imitation.call);
  std::vector<AlteredCall::Piece> cut;
  for (const AlteredCall::Piece& piece : altered.pieces()) {
    std::int64_t state = piece.state_before;
    for (std::int64_t begin = piece.begin; begin == piece.begin || begin < piece.end;) {
      // At multiples of rows, wherever segments begin.
      const std::int64_t end = std::min((begin / tokens + 1) * tokens, piece.end);
      cut.push_back({begin, end, state, -1});
      state = -1;
      if (end == begin) break;
      begin = end;
    }
    cut.back().state_behind = piece.state_behind;
  }
  EXPECT_TRUE(altered.set_pieces(cut));
  return imitation.with(altered);
}

const Call& with_states(Imitation& imitation, const std::vector<std::int64_t>& states) {
  AlteredCall altered(imitation.call);
  std::vector<AlteredCall::Piece> pieces = altered.pieces();
  for (std::size_t s = 0; s < pieces.size(); ++s) pieces[s].state_before = states[s];
  EXPECT_TRUE(altered.set_pieces(pieces));
  return imitation.with(altered);
}

TEST(ImitatedFaults, OfConvolutions) {
  expect_kinds({
      {"no boundaries", kConv, "leak across a boundary",
       [](Imitation& i) {
         i.run();
         i.take("y", without_boundaries(i, {1, 2, 3}));
       }},
      {"one boundary lost", kConv, "leak across a boundary",
       [](Imitation& i) {
         i.run();
         i.take("y", without_boundaries(i, {3}));
       }},
      {"only the first token sees the neighbour, in part", kConv, "leak across a boundary",
       [](Imitation& i) {
         i.run();
         const Call& leaking = without_boundaries(i, {1, 2, 3});
         i.take("y", leaking, 40, 41, 0.5);
         i.take("y", leaking, 70, 71, 0.5);
       }},
      {"a boundary at 256 lost", "causal_conv1d:fwd dtype=bf16 channels=8 len=256,40",
       "leak across a boundary",
       [](Imitation& i) {
         i.run();
         i.take("y", without_boundaries(i, {1}));
       }},
      {"tiles of 64 rows begin with zeros", "causal_conv1d:fwd dtype=bf16 channels=8 len=90,150",
       "tile edge",
       [](Imitation& i) {
         i.run();
         i.take("y", cut_every(i, 64));
       }},
      {"boundaries a row late", kConv, "off by one",
       [](Imitation& i) {
         i.run();
         AlteredCall altered(i.call);
         std::vector<AlteredCall::Piece> pieces = altered.pieces();
         for (std::size_t s = 0; s + 1 < pieces.size(); ++s) pieces[s + 1].begin = ++pieces[s].end;
         altered.set_pieces(pieces);
         i.take("y", i.with(altered));
       }},
      {"rows a row late", kConv, "off by one",
       [](Imitation& i) {
         i.run();
         const Call& copy = i.with(AlteredCall(i.call));
         i.edit("y", 1, 220, [&](auto e) { return load(copy.output("y"), e - 8); });
       }},
      {"initial states ignored", kConvStates, "initial state ignored",
       [](Imitation& i) {
         i.run();
         i.take("y", with_states(i, {-1, -1, -1}));
       }},
      {"initial state of the segment before", kConvStates, "state of another segment",
       [](Imitation& i) {
         i.run();
         i.take("y", with_states(i, {2, 0, 1}));
       }},
      {"final states exchanged", kConvStates, "state of another segment",
       [](Imitation& i) {
         i.run();
         const Call& copy = i.with(AlteredCall(i.call));
         const std::int64_t size = i.row_size("final_state");
         i.edit("final_state", 0, 3,
                [&](auto e) { return load(copy.output("final_state"), (e + size) % (3 * size)); });
       }},
      {"final states a tap late", kConvStates, "off by one",
       [](Imitation& i) {
         i.run();
         const Call& copy = i.with(AlteredCall(i.call));
         i.edit("final_state", 0, 3,
                [&](auto e) { return e % 3 == 2 ? 0 : load(copy.output("final_state"), e + 1); });
       }},
      {"gradients leak back", kConvBackward, "leak across a boundary",
       [](Imitation& i) {
         i.run();
         i.take("dx", without_boundaries(i, {1, 2, 3}));
       }},
      {"the last rows of a segment are skipped", kConv, "unwritten tail",
       [](Imitation& i) {
         i.run();
         for (std::int64_t e = 66 * 8; e < 70 * 8; ++e)
           memory::set_bits(i.out("y"), e, memory::kPoison16);
       }},
      {"a block is skipped", kConv, "unwritten elements",
       [](Imitation& i) {
         i.run();
         for (std::int64_t e = 128 * 8; e < 192 * 8; ++e)
           memory::set_bits(i.out("y"), e, memory::kPoison16);
       }},
      {"pads are run", "causal_conv1d:fwd dtype=bf16 channels=8 len=40,30 cap=80",
       "pads treated as tokens",
       [](Imitation& i) {
         i.run();
         i.edit("y", 70, 80, [](auto) { return 1; });
       }},
      {"half", kConv, "wrong scale",
       [](Imitation& i) {
         i.run();
         i.edit("y", 0, 220, [&](auto e) { return load(i.out("y"), e) / 2; });
       }},
      {"another activation", kConv, "wrong everywhere, boundaries or not",
       [](Imitation& i) {
         i.run();
         i.edit("y", 0, 220, [&](auto e) { return std::tanh(load(i.out("y"), e)) + 0.3; });
       }},
      {"two tokens, for no reason", kConv, "",
       [](Imitation& i) {
         i.run();
         i.edit("y", 20, 22, [&](auto e) { return load(i.out("y"), e) + 0.1 * digit(e, 7); });
       }},
  });
}

}  // namespace
}  // namespace packproof::verdict
