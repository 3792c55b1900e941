// Historical bugs put into a candidate on purpose: the ops' own seeded files, around healthy
// kernels.
#pragma once

#include "harness/candidates/candidate_kind.h"

namespace packproof::harness {

// A seeded bug and the op that it belongs to; null if no bug has this id.
struct SeededBugOf {
  const Op* op = nullptr;
  const SeededBug* bug = nullptr;
};
SeededBugOf find_seeded_bug(std::string_view id);

// Every seeded bug of every op, put into this kind.
CandidateKind seeded_kind(const CandidateKind& healthy);

}  // namespace packproof::harness
