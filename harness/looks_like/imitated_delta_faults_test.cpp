// Faults of the delta rule and what surrounds it, and what they look like.
#include <cmath>
#include <limits>

#include "harness/memory/poison.h"
#include "harness/testing/imitated_fault.h"

namespace packproof::verdict {
namespace {

const char* const kRule =
    "chunk_gated_delta_rule:fwd dtype=bf16 key_heads=2 value_heads=4 "
    "gates=weak len=70,0,40,150";
const char* const kStates =
    "chunk_gated_delta_rule:fwd dtype=bf16 key_heads=2 value_heads=4 "
    "gates=weak state=both len=70,40,150";
const char* const kBackward =
    "chunk_gated_delta_rule:bwd dtype=bf16 key_heads=2 value_heads=4 "
    "gates=weak len=70,40,150";

// Value heads 0 to 3 read other heads of an input than they should.
const Call& with_heads(Imitation& imitation, std::vector<const char*> inputs,
                       const std::vector<std::int64_t>& heads) {
  AlteredCall altered(imitation.call);
  for (const char* name : inputs) {
    const Tensor before = altered.call().input(TensorName(name));
    const std::int64_t stride = axis_stride(before.dims, 1), count = before.size(1);
    altered.edit(name, [&](std::int64_t e) {
      const std::int64_t head = e / stride % count;
      return load(before, e + (heads[static_cast<std::size_t>(head)] - head) * stride);
    });
  }
  return imitation.with(altered);
}

const Call& with_chunks_apart(Imitation& imitation) {
  AlteredCall altered(imitation.call);
  std::vector<AlteredCall::Piece> cut;
  for (const AlteredCall::Piece& piece : altered.pieces())
    for (std::int64_t begin = piece.begin; begin < piece.end; begin += 64)
      cut.push_back({begin, std::min(begin + 64, piece.end),
                     begin == piece.begin ? piece.state_before : -1, -1});
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

TEST(ImitatedFaults, OfTheDeltaRule) {
  constexpr std::int64_t kRow = 4 * 64;
  expect_kinds({
      {"no boundaries", kRule, "leak across a boundary",
       [](Imitation& i) {
         i.run();
         i.take("o", without_boundaries(i, {1, 2, 3}));
       }},
      {"one boundary lost", kRule, "leak across a boundary",
       [](Imitation& i) {
         i.run();
         i.take("o", without_boundaries(i, {3}));
       }},
      {"a third of the state is left", kRule, "leak across a boundary",
       [](Imitation& i) {
         i.run();
         i.take("o", without_boundaries(i, {1, 2}), 0, 260, 0.3);
       }},
      {"a state leaks into the first chunk", kRule, "leak across a boundary",
       [](Imitation& i) {
         i.run();
         i.take("o", without_boundaries(i, {3}), 110, 174);
       }},
      {"gradients leak back", kBackward, "leak across a boundary",
       [](Imitation& i) {
         i.run();
         i.take("dq", without_boundaries(i, {1, 2}));
         i.take("dk", without_boundaries(i, {1, 2}));
       }},
      {"chunks apart", kRule, "state not carried",
       [](Imitation& i) {
         i.run();
         i.take("o", with_chunks_apart(i));
       }},
      {"chunks apart backward", kBackward, "state not carried",
       [](Imitation& i) {
         i.run();
         for (const char* name : {"dq", "dk", "dv", "dg", "dbeta"})
           i.take(name, with_chunks_apart(i));
       }},
      {"half of the state is carried", kRule, "state not carried",
       [](Imitation& i) {
         i.run();
         i.take("o", with_chunks_apart(i), 0, 260, 0.5);
       }},
      {"wrong from chunk 2 on", kRule, "chunk phase",
       [](Imitation& i) {
         i.run();
         i.edit("o", 110 + 128, 260,
                [&](auto e) { return load(i.out("o"), e) + 0.02 * digit(e, 5); });
       }},
      {"initial states ignored", kStates, "initial state ignored",
       [](Imitation& i) {
         i.run();
         i.take("o", with_states(i, {-1, -1, -1}));
       }},
      {"initial state of segment 0", kStates, "state of another segment",
       [](Imitation& i) {
         i.run();
         i.take("o", with_states(i, {0, 0, 0}));
       }},
      {"final state of another segment", kStates, "state of another segment",
       [](Imitation& i) {
         i.run();
         const std::int64_t size = i.row_size("final_state");
         i.edit("final_state", 1, 2, [&](auto e) { return load(i.out("final_state"), e - size); });
       }},
      {"key heads modulo", kRule, "wrong key head of a group",
       [](Imitation& i) {
         i.run();
         // Value heads 1 and 2 read the other key head.
         const Call& other = with_heads(i, {"q", "k"}, {1, 0});
         i.edit("o", 0, 260, [&](auto e) {
           const auto head = e / 64 % 4;
           return load(head == 1 || head == 2 ? other.output("o") : i.out("o"), e);
         });
       }},
      {"keys of head 0", kRule, "wrong key head of a group",
       [](Imitation& i) {
         i.run();
         i.take("o", with_heads(i, {"k"}, {0, 0}));
       }},
      {"gates of another head", kRule, "wrong head",
       [](Imitation& i) {
         i.run();
         i.take("o", with_heads(i, {"g"}, {1, 0, 3, 2}));
       }},
      {"outputs of another head", kRule, "wrong head",
       [](Imitation& i) {
         i.run();
         const Call& copy = i.with(AlteredCall(i.call));
         i.edit("o", 0, 260,
                [&](auto e) { return load(copy.output("o"), e / kRow * kRow + (e + 64) % kRow); });
       }},
      {"without the scale", kRule, "wrong scale",
       [](Imitation& i) {
         i.run();
         i.edit("o", 0, 260, [&](auto e) { return load(i.out("o"), e) * 4; });
       }},
      {"one head without the scale", kRule, "wrong scale",
       [](Imitation& i) {
         i.run();
         i.edit("o", 0, 260,
                [&](auto e) { return load(i.out("o"), e) * (e / 64 % 4 == 2 ? 4 : 1); });
       }},
      {"dv negated", kBackward, "wrong sign",
       [](Imitation& i) {
         i.run();
         i.edit("dv", 0, 260, [&](auto e) { return -load(i.out("dv"), e); });
       }},
      {"five bits", kRule, "precision",
       [](Imitation& i) {
         i.run();
         i.edit("o", 0, 260,
                [&](auto e) { return load(i.out("o"), e) * (0.98 + 0.02 * digit(e, 3)); });
       }},
      {"overflow in a chunk", kRule, "overflow",
       [](Imitation& i) {
         i.run();
         i.edit("o", 20, 64, [](auto) { return std::numeric_limits<double>::infinity(); });
       }},
      {"state of empty segments left",
       "chunk_gated_delta_rule:fwd dtype=bf16 state=both len=70,0,40", "stale state",
       [](Imitation& i) {
         i.run();
         i.edit("final_state", 1, 2, [](auto) { return 0; });
       }},
      {"pads run on",
       "chunk_gated_delta_rule:fwd dtype=bf16 state=both len=70,40 cap=120 "
       "slack=huge",
       "pads joined the last segment",
       [](Imitation& i) {
         i.run();
         AlteredCall altered(i.call);
         std::vector<AlteredCall::Piece> pieces = altered.pieces();
         pieces.back().end = 120;
         altered.set_pieces(pieces);
         i.take("final_state", i.with(altered));
       }},
      {"one token, for no reason", kRule, "",
       [](Imitation& i) {
         i.run();
         i.edit("o", 20, 21, [&](auto e) { return load(i.out("o"), e) + 0.05 * digit(e, 7); });
       }},
      {"first tokens of later segments, for no reason", kRule, "",
       [](Imitation& i) {
         i.run();
         for (const std::int64_t row : {70, 110})
           i.edit("o", row, row + 3,
                  [&](auto e) { return load(i.out("o"), e) + 0.05 * digit(e, 7); });
       }},
  });
}

}  // namespace
}  // namespace packproof::verdict
