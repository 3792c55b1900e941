// Runs of the shards of one selection, put together.
#pragma once

#include <string>
#include <vector>

#include "reports/runs/run_set.h"

namespace packproof::reports {

// One run of these, with their records in the order of the whole selection. It is not whole
// (scope.h) where a shard is lacking or was ended early. Throws ReportError, naming the files, for
// runs of other cases, candidates or builds, for a shard that is there twice, and for a run that is
// no shard.
Named<RunReport> merged_shards(std::vector<Named<RunReport>> runs);

// Puts the shards among the gate runs together, each selection for itself. Throws as above.
void merge_shards(RunSet& runs);

}  // namespace packproof::reports
