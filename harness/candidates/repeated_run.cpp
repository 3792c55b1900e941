#include "harness/candidates/repeated_run.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/process/other_bits.h"

namespace packproof::harness {
namespace {

using Bytes = std::vector<std::byte>;

std::vector<Bytes> outputs_of(const Call& call) {
  std::vector<Bytes> all;
  for (const Tensor& output : call.outputs)
    all.emplace_back(output.as<std::byte>(), output.as<std::byte>() + output.bytes());
  return all;
}

void restore(const std::vector<Bytes>& outputs, const Call& call) {
  for (std::size_t i = 0; i < outputs.size(); ++i)
    std::copy(outputs[i].begin(), outputs[i].end(), call.outputs[i].as<std::byte>());
}

// Of the element that this byte of the tensor is in.
std::vector<std::int64_t> index_of(const Tensor& tensor, std::size_t byte) {
  auto flat = static_cast<std::int64_t>(byte / size_of(tensor.dtype));
  std::vector<std::int64_t> index(tensor.dims.size());
  for (std::size_t axis = index.size(); axis-- > 0;) {
    index[axis] = flat % tensor.size(axis);
    flat /= tensor.size(axis);
  }
  return index;
}

void expect_same(const std::vector<Bytes>& first, const Call& call, int run, int runs) {
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Tensor& output = call.outputs[i];
    const std::byte* const bits = output.as<std::byte>();
    const auto differs = std::mismatch(first[i].begin(), first[i].end(), bits);
    if (differs.first == first[i].end()) continue;
    const auto at = static_cast<std::size_t>(differs.second - bits);
    throw OtherBits(output.name, fmt::format("run {} of {} gave other bits at [{}]", run + 1, runs,
                                             fmt::join(index_of(output, at), ", ")));
  }
}

class RepeatedRun final : public PreparedRun {
 public:
  RepeatedRun(const Op& op, HostCall host, const CandidateOfRun& candidate, int runs)
      : op_(op), host_(std::move(host)), candidate_(candidate), runs_(runs) {}

  Returned run() override {
    const Call& call = host_.call;
    const std::vector<Bytes> start = outputs_of(call);
    Returned returned = run_of(0);
    const std::vector<Bytes> first = outputs_of(call);
    for (int run = 1; run < runs_; ++run) {
      restore(start, call);
      if (run_of(run) != returned)
        throw OtherBits(call.outputs.front().name,
                        fmt::format("run {} of {} returned other outputs", run + 1, runs_));
      expect_same(first, call, run, runs_);
    }
    return returned;
  }

 private:
  // Each in memory of its own, wherever that is.
  Returned run_of(int run) const {
    const std::shared_ptr<const Executor> executor = candidate_(run).executor;
    const std::unique_ptr<PreparedRun> prepared = executor->prepare(op_, host_, Purpose::judging);
    Returned returned = prepared->run();
    prepared->fetch();
    return returned;
  }

  const Op& op_;
  HostCall host_;
  const CandidateOfRun& candidate_;
  int runs_;
};

class RepeatedExecutor final : public Executor {
 public:
  RepeatedExecutor(CandidateOfRun candidate, int runs)
      : candidate_(std::move(candidate)), runs_(runs), first_(candidate_(0).executor) {}

  std::unique_ptr<PreparedRun> prepare(const Op& op, const HostCall& call, Purpose) const override {
    return std::make_unique<RepeatedRun>(op, call, candidate_, runs_);
  }
  Device device() const override { return first_->device(); }
  bool shares_process() const override { return first_->shares_process(); }
  void settle() const override { first_->settle(); }
  const SeededBug* seeded_bug() const override { return first_->seeded_bug(); }

 private:
  CandidateOfRun candidate_;
  int runs_;
  std::shared_ptr<const Executor> first_;
};

}  // namespace

Candidate repeated(const CandidateOfRun& candidate, int runs) {
  Candidate all = candidate(0);
  if (runs <= 1) return all;
  all.runs = runs;
  all.executor = std::make_shared<RepeatedExecutor>(candidate, runs);
  return all;
}

}  // namespace packproof::harness
