// twinkle-186-a: cu_seqlens is derived from padded position_ids, whatever was supplied.
#include "cases/seeded_bugs.h"

#include "cases/layout/cu_seqlens_from_position_ids/seeded/changed_call.h"

namespace packproof::cases {
namespace {

// Sequence-parallel padding makes position_ids longer than the cu_seq_lens_q that came with the
// batch. The linear-attention layer did not take the latter and derived its own from the padded
// position_ids, where nothing marks the pads: the last segment of each row grows by them.
Returned run(const Call& call, const Implementation& healthy) {
  PositionIds ids(call);
  for (std::int64_t t = 0; t < ids.tokens(); ++t)
    if (ids.at(0, t) == -1) ids.set_text(t, ids.begins_row(t) ? 0 : ids.at(0, t - 1) + 1);
  ChangedCall changed(call);
  changed.drop_input("cu_seq_lens_q");
  changed.set_position_ids(ids);
  return healthy(changed.call());
}

}  // namespace

SeededBug seeded_twinkle_186_a() {
  return {.id = "twinkle-186-a",
          .thread = "https://github.com/modelscope/twinkle/pull/186",
          .fault =
              "cu_seqlens always derived from padded position_ids: pads join the last segment, "
              "a supplied cu_seqlens is ignored",
          .caught_by =
              "cu_seqlens_from_position_ids supplied=present len=5,3 cap=10 contract=C1 seed=1",
          .tensor = "cu_seqlens",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
