// Judging one output: by bits (data movement) or by its units' errors (arithmetic).
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
#include "harness/evidence/output_layout.h"
#include "harness/evidence/what_if.h"
#include "reports/records/record.h"

namespace packproof::verdict {

struct JudgedPair {
  Tensor got;
  const ReferenceTensor* want = nullptr;
};

// One output's share of the evidence; sizes and dtypes are known to agree.
struct OutputEvidence {
  const Case* the_case = nullptr;
  const OutputSpec* spec = nullptr;
  JudgedPair candidate;
  std::vector<JudgedPair> plain;
  Reach reach = Reach::own_token;
  std::int64_t boundary_window = 0;  // as in Signature
  const WhatIf* what_if = nullptr;   // null: nobody to ask
  bool specials_spread = false;      // as in Evidence
  // This output of the i-th further plain run; may be empty.
  std::function<JudgedPair(std::size_t)> further = nullptr;

  // Why no value can be held against the reference; empty where they can.
  std::string unsound = {};

  // The plain run of the candidate's own inputs, or nullptr.
  const JudgedPair* plain_of_these_inputs() const {
    for (const JudgedPair& run : plain)
      if (run.want == candidate.want) return &run;
    return nullptr;
  }
};

struct OutputJudgement {
  reports::TensorReport report;
  std::optional<reports::Mismatch> mismatch;
  std::string doubt;  // why this output cannot be trusted to be right; empty when it can
};

OutputJudgement judge_bits(const OutputEvidence& evidence, const OutputLayout& layout);
OutputJudgement judge_tolerance(const OutputEvidence& evidence, const OutputLayout& layout);

}  // namespace packproof::verdict
