// The reference against LibTorch on position_ids that no collator would make: every combination of
// pads, zeros, falls and jumps comes up.
#include "reference/layout/cu_seqlens_from_position_ids/cu_seqlens_from_position_ids_reference.h"

#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

std::vector<double> doubles(const Integers& values) {
  return {values.data(), values.data() + values.size()};
}

struct Drawn {
  PositionIdRows rows;
  PadRuns pad_runs;
  std::optional<Integers> supplied;
};

Drawn draw(std::mt19937& random) {
  Drawn drawn;
  PositionIdRows& in = drawn.rows;
  in.components = std::int64_t{1} + 2 * (random() % 2) + (random() % 3 == 0 ? 1 : 0);
  if (in.components == 2) in.components = 1;
  in.rows = 1 + random() % 3;
  in.row_tokens = 1 + random() % 9;
  const std::int64_t tokens = in.rows * in.row_tokens;
  in.ids.resize(in.components * tokens);
  for (auto& id : in.ids) id = static_cast<std::int64_t>(random() % 4);
  drawn.pad_runs = random() % 2 == 0 ? PadRuns::own_a_segment : PadRuns::own_no_segment;
  for (std::int64_t t = tokens - 1; t >= 0; --t) {
    const bool anywhere = drawn.pad_runs == PadRuns::own_a_segment;
    if (random() % 3 != 0) {
      if (anywhere) continue;
      break;  // pads that own no segment stand at the end only
    }
    for (std::int64_t k = 0; k < in.components; ++k) in.ids(k * tokens + t) = -1;
  }
  if (random() % 4 == 0) {
    // One that agrees: what the rules say, up to the end of some segment.
    const PackedBoundaries derived = cu_seqlens_from_position_ids(in, drawn.pad_runs, std::nullopt);
    if (derived.num_segments > 0) {
      const auto kept = 1 + static_cast<std::int64_t>(random()) % derived.num_segments;
      drawn.supplied = derived.cu_seqlens.head(kept + 1);
    }
  }
  return drawn;
}

TEST(CuSeqlensFromPositionIdsAgreement, OnRandomPositions) {
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    const auto [in, pad_runs, supplied] = draw(random);
    const std::int64_t tokens = in.rows * in.row_tokens;
    Dims dims = {{Axis::batch, in.rows}, {Axis::position, in.row_tokens}};
    if (in.components > 1) dims.insert(dims.begin(), {Axis::entry, in.components});
    HandMadeCall made;
    made.field("pads", pad_runs == PadRuns::own_a_segment ? "segment" : "none")
        .input("position_ids", dims, {in.ids.begin(), in.ids.end()})
        .output("cu_seqlens", {{Axis::entry, tokens + 1}});
    if (supplied)
      made.input("cu_seq_lens_q", {{Axis::entry, supplied->size()}},
                 {supplied->begin(), supplied->end()});
    const PackedBoundaries ours = cu_seqlens_from_position_ids(in, pad_runs, supplied);
    const ReferenceResult theirs = cu_seqlens_from_position_ids_padded(made.call());
    SCOPED_TRACE(testing::PrintToString(doubles(in.ids)));
    ASSERT_EQ(doubles(ours.cu_seqlens), values_of(theirs, "cu_seqlens"));
    ASSERT_EQ(static_cast<double>(ours.num_segments), values_of(theirs, "num_segments").at(0));
    ASSERT_EQ(static_cast<double>(ours.max_seqlen), values_of(theirs, "max_seqlen").at(0));
    ASSERT_EQ(static_cast<double>(ours.valid_tokens), values_of(theirs, "valid_tokens").at(0));
  }
}

}  // namespace
}  // namespace packproof::reference
