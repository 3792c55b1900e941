// The verdict: is what the candidate wrote right? Everything it may conclude is in limits.h.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/core/reference_result.h"
#include "cases/core/tensor.h"
#include "harness/evidence/what_if.h"
#include "reports/records/record.h"

namespace packproof::verdict {

// One run of the plain low-precision baseline: its outputs in the signature's order, and the
// float64 reference of the same inputs. Other seeds than the candidate's will do; a run whose
// `reference` is the candidate's own also shows what plain arithmetic makes of these very inputs.
struct PlainRun {
  std::vector<Tensor> outputs;
  const ReferenceResult* reference = nullptr;
};

// All that one case left to judge by. Does not own; outputs were poisoned before the run.
struct Evidence {
  const Case* the_case = nullptr;
  const Signature* signature = nullptr;
  std::vector<Tensor> outputs;                 // the candidate's, in the signature's order
  const ReferenceResult* reference = nullptr;  // of the same inputs
  std::vector<PlainRun> plain;  // one a seed; may be empty when every output is judged by bits
  // Plain runs of further seeds, made when a limit is in doubt: the i-th, from 0. May be empty.
  std::function<PlainRun(std::size_t)> further = nullptr;
  // For the guess at what kind of fault it is alone:
  Reach reach = Reach::own_token;
  WhatIf what_if = {};           // without a reference: nobody to ask
  bool specials_spread = false;  // a NaN may reach all of its segment: see special_spread.h
};

// `outcome` is pass, mismatch or mistrusted. A fault that was shown outranks a doubt; a doubt
// outranks a pass. `detail` is one line, empty for a pass.
struct Verdict {
  reports::Outcome outcome = reports::Outcome::mistrusted;
  std::vector<reports::TensorReport> tensors;
  std::optional<reports::Mismatch> mismatch;  // of the first wrong output
  std::string detail;
};

// Judges every output. Never throws on bad evidence (missing reference, sizes that disagree, too
// few plain runs): evidence that cannot be judged is `mistrusted`.
Verdict judge(const Evidence& evidence);

}  // namespace packproof::verdict
