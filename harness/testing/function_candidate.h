// A candidate that is a function, for tests.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/candidates/candidate.h"

namespace packproof::harness {

using RunFunction = std::function<Returned(const Op& op, const Call& call)>;

class FunctionExecutor final : public Executor {
 public:
  explicit FunctionExecutor(RunFunction run) : run_(std::move(run)) {}

  std::unique_ptr<PreparedRun> prepare(const Op& op, const HostCall& call, Purpose) const override {
    return std::make_unique<Run>(run_, op, call.call);
  }

 private:
  struct Run final : PreparedRun {
    Run(const RunFunction& a_function, const Op& an_op, Call a_call)
        : function(a_function), op(an_op), call(std::move(a_call)) {}
    Returned run() override { return function(op, call); }

    const RunFunction& function;
    const Op& op;
    const Call call;
  };

  RunFunction run_;
};

inline Candidate function_candidate(std::vector<std::string> ops, RunFunction run) {
  return {.name = "under test",
          .ops = std::move(ops),
          .executor = std::make_shared<FunctionExecutor>(std::move(run)),
          .schedule = {}};
}

}  // namespace packproof::harness
