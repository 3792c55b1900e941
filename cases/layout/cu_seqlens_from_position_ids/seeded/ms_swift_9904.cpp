// ms-swift-9904: a segment begins only where the position falls.
#include "cases/seeded_bugs.h"

#include "cases/layout/cu_seqlens_from_position_ids/seeded/changed_call.h"

namespace packproof::cases {
namespace {

// The sequences of a packed batch were told apart by position_ids[i] < position_ids[i - 1], and a
// cu_seq_lens_q beside them was not looked at. After a segment of one token the position goes from
// 0 to 0: it does not fall, and the two become one. The call gets the positions of that reading.
Returned run(const Call& call, const Implementation& healthy) {
  PositionIds ids(call);
  PositionIds reread = ids;
  for (std::int64_t t = 0; t < ids.tokens(); ++t) {
    if (ids.at(0, t) < 0) continue;  // pads fall to -1, and stay apart
    const bool opens =
        ids.begins_row(t) || ids.at(0, t - 1) == -1 || ids.at(0, t) < ids.at(0, t - 1);
    reread.set_text(t, opens ? 0 : reread.at(0, t - 1) + 1);
  }
  ChangedCall changed(call);
  changed.drop_input("cu_seq_lens_q");
  changed.set_position_ids(reread);
  return healthy(changed.call());
}

}  // namespace

SeededBug seeded_ms_swift_9904() {
  return {.id = "ms-swift-9904",
          .thread = "https://github.com/modelscope/ms-swift/pull/9904",
          .fault =
              "a boundary only where the position falls strictly: neighbouring segments of one "
              "token merge",
          .caught_by = "cu_seqlens_from_position_ids len=3*1 seed=1",
          .tensor = "cu_seqlens",
          .segment = 0,
          .run = run};
}

}  // namespace packproof::cases
