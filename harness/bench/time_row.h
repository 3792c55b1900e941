// Times one row: our kernels, and LibTorch on padded and on packed rows.
#pragma once

#include <string>

#include "harness/bench/row_timer.h"

namespace packproof::harness {

// The row with its times; our kernels only if `why_not` does not say why they may not be timed. For
// a process of its own, as RowTimer.
reports::BenchRow time_row(const PlannedRow& planned, const TimingOptions& options,
                           const std::string& why_not);

}  // namespace packproof::harness
