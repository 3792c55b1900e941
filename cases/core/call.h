// One call of an op as plain data: what candidates, references and baselines are given.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/tensor.h"
#include "cases/core/tensor_names.h"

namespace packproof {

struct Call {
  const Case* the_case = nullptr;
  std::vector<Tensor> inputs;
  std::vector<Tensor> outputs;

  const Tensor& input(TensorName name) const;   // throws std::logic_error if absent
  const Tensor& output(TensorName name) const;  // the same
  bool has_input(TensorName name) const;
  bool has_output(TensorName name) const;
};

// What an implementation returns, besides the memory it writes: the names of the returned tensors
// in order. A path that returns (output, None) gives {"y", "none"} (contract C2).
using Returned = std::vector<std::string>;

// Runs one call: writes the outputs and says what it returned. Throws Refusal.
using Implementation = std::function<Returned(const Call&)>;

// All outputs of the call, in the signature's order: what a correct implementation returns.
Returned all_outputs(const Call& call);

// An implementation's clear "no": it was asked for something it cannot do right. Thrown before any
// output is written. The message says what was found, where, and what would do.
struct Refusal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A case that cannot be: exit code 2. The message says what was found, where, and what would do.
struct CaseError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace packproof
