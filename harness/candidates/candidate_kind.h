// A kind of candidate: one file that makes its executors, and one line in candidate.cpp.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/candidates/executor.h"
#include "harness/candidates/schedule.h"
#include "harness/ranks/rank_call.h"

namespace packproof::harness {

struct HowToRun {
  Schedule schedule;
  RunRanks ranks;  // how the process that runs the candidate finds its ranks; empty: as threads
};

struct CandidateKind {
  std::string form;                // of its names, for messages: "simt", "seeded:<bug id>"
  std::vector<std::string> names;  // all there are
  // The executor of this name; null where it is none of this kind's. It does nothing yet.
  std::function<std::shared_ptr<const Executor>(std::string_view name, const HowToRun& how)> find;
  std::function<std::string()> why_not_here = {};  // it cannot run; empty, or says so: it can
  bool is_timed = false;                           // by `bench`, too
  std::string seeds_as = {};  // how names of bugs put into it begin; empty: none can be
};

}  // namespace packproof::harness
