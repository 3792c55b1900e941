// areal-1103: the padded length is appended as a boundary even when there is no padding.
#include "cases/seeded_bugs.h"

#include <vector>

#include "cases/layout/cu_seqlens_from_position_ids/seeded/changed_call.h"

namespace packproof::cases {
namespace {

// Padding a packed batch to a length appends that length to its cu_seqlens, as a segment for the
// pads. A batch that has the length already has no pads, but gets the boundary all the same: it
// ends in an empty segment. The table repeats its last boundary anyway, so only the count shows it.
Returned run(const Call& call, const Implementation& healthy) {
  if (!call.the_case->is("pads", "segment") || !call.has_input("cu_seq_lens_q"))
    return healthy(call);
  const Tensor& supplied = call.input("cu_seq_lens_q");
  const auto tokens = static_cast<std::int32_t>(call.output("cu_seqlens").count() - 1);
  if (supplied.dtype != DType::int32 || supplied.elements<const std::int32_t>().back() != tokens)
    return healthy(call);
  const auto elements = supplied.elements<const std::int32_t>();
  std::vector<std::int32_t> boundaries(elements.begin(), elements.end());
  boundaries.push_back(tokens);
  ChangedCall changed(call);
  changed.set_cu_seq_lens_q(boundaries);
  return healthy(changed.call());
}

}  // namespace

SeededBug seeded_areal_1103() {
  return {
      .id = "areal-1103",
      .thread = "https://github.com/areal-project/AReaL/issues/1103",
      .fault =
          "last boundary appended even when there is nothing to pad: an empty segment at the end",
      .caught_by =
          "cu_seqlens_from_position_ids supplied=present len=5,3 pads=segment contract=C1 "
          "seed=1",
      .tensor = "num_segments",
      .run = run};
}

}  // namespace packproof::cases
