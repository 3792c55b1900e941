// Random cases of the toy ops, for property tests.
#pragma once

#include "cases/core/philox.h"
#include "cases/lengths/segment_lengths.h"
#include "cases/lengths/workload.h"
#include "cases/testing/toy_op_form.h"

namespace packproof {

inline std::vector<std::int64_t> random_lengths(PhiloxSequence& random) {
  if (random.below(8) == 0) {
    const auto& known = workloads()[random.below(2)].lengths;
    return {known.begin(), known.begin() + 1 + random.below(60)};
  }
  std::vector<std::int64_t> lengths(1 + random.below(12));
  for (std::int64_t& length : lengths) length = random.below(4) * random.below(1000);
  return lengths;
}

// Falls at a random place, or starts beyond 0.
inline std::vector<std::int64_t> random_broken_boundaries(PhiloxSequence& random) {
  std::vector<std::int64_t> boundaries(1 + random.below(6));
  for (std::int64_t& boundary : boundaries) boundary = std::int64_t{random.next()} * 4 - 1000;
  boundaries.front() = 1 + random.below(3);
  return boundaries;
}

inline Case random_toy_case(PhiloxSequence& random) {
  const bool conv = random.below(4) != 0;
  Case c;
  c.op = conv ? kToyOp.name : kToyIndexOp.name;
  if (conv) {
    c.direction = random.below(2) == 0 ? Direction::fwd : Direction::bwd;
    c.dtype = kToyOp.dtypes[random.below(3)];
    c.fields["width"] = std::to_string(2 + random.below(7));
    c.fields["offset"] = std::to_string(static_cast<int>(random.below(201)) - 100);
    c.fields["mode"] = c.integer("width") > 4 || random.below(2) == 0 ? "plain" : "state";
    const char* const words[] = {"none", "silu", "_x.y-9", "None"};
    c.fields["activation"] = words[random.below(4)];
  }
  c.expect = random.below(3) == 0 ? Expect::refused : Expect::pass;
  if (c.expect == Expect::refused && random.below(2) == 0) {
    c.raw_cu_seqlens = random_broken_boundaries(random);
    c.capacity = random.below(1000);
    c.lengths = {c.capacity};
  } else {
    c.lengths = random_lengths(random);
    c.capacity = c.valid_tokens() + (random.below(2) == 0 ? 0 : random.below(500));
  }
  c.slack = static_cast<SlackFill>(random.below(4));
  c.fill = static_cast<Fill>(random.below(5));
  c.seed = (std::uint64_t{random.next()} << 32) | random.next();
  if (random.below(2) == 0) c.contract = "C" + std::to_string(1 + random.below(11));
  return c;
}

}  // namespace packproof
