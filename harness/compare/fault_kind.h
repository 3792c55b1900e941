// What kind of fault the pattern of wrong elements looks like. A hint for the reader: no verdict.
#pragma once

#include <string>

#include "harness/compare/output_judge.h"
#include "harness/compare/output_layout.h"

namespace packproof::compare {

// One of "unwritten tail", "pads joined the last segment", "off by one", "segments merged",
// "wrong head", "leak across a boundary", "wrong everywhere, boundaries or not", "stale state",
// "chunk phase"; empty when nothing fits, or nothing is
// wrong. Reads every element once, and a bounded number of wrong ones a few times more.
std::string guess_fault(const OutputEvidence& evidence, const OutputLayout& layout);

}  // namespace packproof::compare
