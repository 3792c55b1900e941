// Our kernels on the GPU in a CUDA graph that was captured with other segments.
#pragma once

#include "harness/candidates/candidate_kind.h"
#include "harness/ops/op.h"

namespace packproof::harness {

// The case with its tokens shared out to as many segments in another way, such that every tensor
// keeps its dims; with other values only, where there is no other way.
Case with_other_segments(const Case& the_case, const OpForm& form);

// Whether an op's launches can be captured: it neither waits for the device nor has ranks.
bool can_be_captured(const Op& op);

// As `cuda`, but what runs is a graph: launches captured from a call with other segments and the
// same capacity, replayed on this call's inputs. Shows a launch that depends on the contents of
// cu_seqlens, as a training step in a graph would. Checks the call, and so may refuse it, before.
CandidateKind cuda_graph_kind();

}  // namespace packproof::harness
