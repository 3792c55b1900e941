#include "harness/candidates/seeded_run.h"

#include <utility>

#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

std::vector<std::string> names_of_bugs(const std::string& prefix) {
  std::vector<std::string> names;
  for (const Op& op : all_ops())
    for (const SeededBug& bug : op.form.seeded_bugs) names.push_back(prefix + bug.id);
  return names;
}

class SeededRun final : public PreparedRun {
 public:
  SeededRun(const SeededBug& bug, Call call, Implementation healthy)
      : bug_(bug), call_(std::move(call)), healthy_(std::move(healthy)) {}

  Returned run() override { return bug_.run(call_, healthy_); }

 private:
  const SeededBug& bug_;
  const Call call_;
  const Implementation healthy_;  // runs what the bug makes of the call
};

class SeededExecutor final : public Executor {
 public:
  SeededExecutor(SeededBugOf bug, std::shared_ptr<const Executor> healthy)
      : bug_(bug), healthy_(std::move(healthy)) {}

  std::unique_ptr<PreparedRun> prepare(const Op& op, const HostCall& call,
                                       Purpose purpose) const override {
    return std::make_unique<SeededRun>(
        *bug_.bug, call.call, [this, &op, purpose](const Call& changed) {
          const std::unique_ptr<PreparedRun> prepared =
              healthy_->prepare(op, without_guards(changed), purpose);
          Returned returned = prepared->run();
          prepared->fetch();
          return returned;
        });
  }
  Device device() const override { return healthy_->device(); }
  bool offers(const Op& op) const override { return op.form.name == bug_.op->form.name; }
  std::string schedule() const override { return healthy_->schedule(); }
  bool shares_process() const override { return healthy_->shares_process(); }
  void settle() const override { healthy_->settle(); }
  const SeededBug* seeded_bug() const override { return bug_.bug; }

 private:
  SeededBugOf bug_;
  std::shared_ptr<const Executor> healthy_;
};

}  // namespace

SeededBugOf find_seeded_bug(std::string_view id) {
  for (const Op& op : all_ops())
    for (const SeededBug& bug : op.form.seeded_bugs)
      if (bug.id == id) return {.op = &op, .bug = &bug};
  return {};
}

CandidateKind seeded_kind(const CandidateKind& healthy) {
  CandidateKind seeded;
  seeded.form = healthy.seeds_as + "<bug id>";
  seeded.names = names_of_bugs(healthy.seeds_as);
  seeded.find = [healthy](std::string_view name,
                          const HowToRun& how) -> std::shared_ptr<const Executor> {
    if (!name.starts_with(healthy.seeds_as)) return nullptr;
    const SeededBugOf found = find_seeded_bug(name.substr(healthy.seeds_as.size()));
    if (found.bug == nullptr) return nullptr;
    return std::make_shared<SeededExecutor>(found, healthy.find(healthy.names.front(), how));
  };
  seeded.why_not_here = healthy.why_not_here;
  return seeded;
}

}  // namespace packproof::harness
