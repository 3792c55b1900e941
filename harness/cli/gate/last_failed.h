// What failed in the last run of the gate: --lf and --ff.
#pragma once

#include "harness/selection/case_selection.h"

namespace packproof::harness {

struct LastFailed {
  bool only = false;   // those that failed, or all if none did
  bool first = false;  // those that failed before the others
};

// As select_run, and by what failed in the last run that the run folder keeps. Throws CaseError too
// where that is asked for and there was no run.
SelectedRun select_run(const Selection& selection, const Candidate& candidate, LastFailed last);

}  // namespace packproof::harness
