// What a turn of two builds gives: they take bursts in rounds, and one round stands for all.
#pragma once

#include <vector>

namespace packproof::harness {

// Both sides' bursts, right after each other, in microseconds; infinite where a side has failed.
struct Round {
  double our_us = 0;
  double their_us = 0;
};

// The round with the median ratio of both sides (of an even number, the upper one of the middle).
// The sides of a round meet the same machine, so that a ratio is off only where the machine changed
// between them. Each side's fastest burst would be of two moments: where a machine is disturbed for
// longer than a turn, their ratios spread ten times as far.
Round typical_round(std::vector<Round> rounds);

}  // namespace packproof::harness
