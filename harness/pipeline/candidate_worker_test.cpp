// Many cases in one process of the candidate: the same records as from a process for each, and what
// ends the process is charged to its case alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <stdexcept>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/ops/op_list.h"
#include "harness/pipeline/case_pool.h"
#include "harness/selection/case_catalogue.h"
#include "harness/testing/function_candidate.h"
#include "reports/records/record_json.h"

namespace packproof::harness {
namespace {

using reports::Outcome;
using reports::Record;
using testing::ElementsAre;

enum class In { one_process_each, workers };

std::vector<Record> records_of(const std::vector<Case>& cases, const Candidate& candidate, In in,
                               int jobs = 1,
                               std::chrono::milliseconds timeout = std::chrono::seconds(60)) {
  std::vector<Record> records(cases.size());
  const PoolResult pool = run_cases(
      cases, candidate,
      {.jobs = jobs, .judge = {.timeout = timeout}, .shares_process = in == In::workers},
      {.finished = [&](std::size_t i, Record record) { records[i] = std::move(record); }});
  EXPECT_THAT(pool.harness_failures, testing::IsEmpty());
  return records;
}

// All that a record says but how long it took.
std::string text_of(Record record) {
  for (auto& [stage, elapsed_us] : record.elapsed_us) elapsed_us = 0;
  return reports::json_text(reports::record_to_json(record), 1);
}

void expect_the_same(const std::vector<Case>& cases, const Candidate& candidate) {
  const std::vector<Record> alone = records_of(cases, candidate, In::one_process_each, 2);
  const std::vector<Record> together = records_of(cases, candidate, In::workers, 2);
  for (std::size_t i = 0; i < cases.size(); ++i) EXPECT_EQ(text_of(together[i]), text_of(alone[i]));
}

// So many of the quick cases of every op, or all, from the first to the last.
std::vector<Case> some_quick_cases(std::size_t of_each_op) {
  std::map<std::string, std::vector<Case>> by_op;
  for (const Case& c : catalogue(Tier::quick)) by_op[c.op].push_back(c);
  std::vector<Case> some;
  for (const auto& [op, all] : by_op) {
    const std::size_t step = std::max<std::size_t>(1, all.size() / of_each_op);
    for (std::size_t i = 0; i < std::min(of_each_op * step, all.size()); i += step)
      some.push_back(all[i]);
  }
  return some;
}

TEST(CandidateWorkers, GiveTheRecordsOfProcessesForEachCase) {
  const std::vector<Case> cases = some_quick_cases(10);
  EXPECT_GE(cases.size(), 200u);
  expect_the_same(cases, find_candidate(kSimt));
}

TEST(CandidateWorkers, GiveTheFailuresOfProcessesForEachCase) {
  std::vector<Case> cases;
  for (const char* text : {"causal_conv1d len=7,5,1,9", "causal_conv1d dtype=fp16 len=3,3",
                           "causal_conv1d len=70,5 cap=80 seed=3"})
    cases.push_back(parse_descriptor(text, op_lookup()));
  expect_the_same(cases, find_candidate("seeded:transformers-46588"));
}

std::vector<Case> cases_of_lengths(const std::vector<int>& lengths) {
  std::vector<Case> cases;
  for (const int length : lengths)
    cases.push_back(parse_descriptor("sequence_index len=" + std::to_string(length), op_lookup()));
  return cases;
}

// Which process ran each number of tokens.
class Pids {
 public:
  Pids()
      : pids_(static_cast<pid_t*>(
            ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
  ~Pids() { ::munmap(pids_, kBytes); }
  Pids(const Pids&) = delete;
  Pids& operator=(const Pids&) = delete;

  pid_t& operator[](std::int64_t tokens) const { return pids_[tokens]; }

 private:
  static constexpr std::size_t kBytes = 4096;
  pid_t* pids_;
};

// Runs all but the case of 13 tokens.
Candidate but_for_13(const Pids& pids, const std::function<void(const Call&)>& on_13) {
  return function_candidate({"sequence_index"}, [&pids, on_13](const Op& op, const Call& call) {
    const std::int64_t tokens = call.the_case->capacity;
    pids[tokens] = ::getpid();
    if (tokens == 13) on_13(call);
    return run_on_simt(op, call);
  });
}

// Of the cases of 5, 6, 13, 7 and 8 tokens.
std::vector<Record> around_13(const Pids& pids, const std::function<void(const Call&)>& on_13) {
  return records_of(cases_of_lengths({5, 6, 13, 7, 8}), but_for_13(pids, on_13), In::workers, 1,
                    std::chrono::seconds(5));
}

void expect_only_13(Outcome outcome, const std::vector<Record>& records) {
  for (std::size_t i = 0; i < records.size(); ++i)
    EXPECT_EQ(records[i].outcome, i == 2 ? outcome : Outcome::pass) << records[i].detail;
}

void expect_a_new_process_behind_13(const Pids& pids) {
  EXPECT_EQ(pids[6], pids[5]);
  EXPECT_NE(pids[7], pids[5]);
  EXPECT_NE(pids[7], pids[13]);
  EXPECT_EQ(pids[8], pids[7]);
}

TEST(CandidateWorkers, ChargeACrashToItsCase) {
  const Pids pids;
  const auto records = around_13(pids, [](const Call&) { std::abort(); });
  expect_only_13(Outcome::crashed, records);
  EXPECT_EQ(records[2].detail, "SIGABRT (Aborted)");
  expect_a_new_process_behind_13(pids);
}

TEST(CandidateWorkers, ChargeAnErrorToItsCase) {
  const Pids pids;
  const auto records =
      around_13(pids, [](const Call&) { throw std::runtime_error("CUDA error 700"); });
  expect_only_13(Outcome::crashed, records);
  EXPECT_EQ(records[2].detail, "threw: CUDA error 700");
  expect_a_new_process_behind_13(pids);
}

// What earlier cases left in the process is no fault of this one, and cannot be seen alone.
TEST(CandidateWorkers, TellACrashThatOthersBroughtAbout) {
  const Candidate spoiled =
      function_candidate({"sequence_index"}, [](const Op& op, const Call& call) {
        static int ran = 0;
        if (call.the_case->capacity == 13 && ran > 0) std::abort();
        ++ran;
        return run_on_simt(op, call);
      });
  const auto records = records_of(cases_of_lengths({5, 13, 7}), spoiled, In::workers);
  EXPECT_EQ(records[0].outcome, Outcome::pass);
  EXPECT_EQ(records[1].outcome, Outcome::crashed);
  EXPECT_EQ(records[1].detail,
            "SIGABRT (Aborted); in a process that had run other cases: alone it does not crash");
  EXPECT_EQ(records[2].outcome, Outcome::pass);
}

TEST(CandidateWorkers, ChargeAHangToItsCase) {
  const Pids pids;
  const auto records = around_13(pids, [](const Call&) {
    for (;;) ::pause();
  });
  expect_only_13(Outcome::timed_out, records);
  expect_a_new_process_behind_13(pids);
}

TEST(CandidateWorkers, GoOnBehindARefusal) {
  const Pids pids;
  const auto records = around_13(pids, [](const Call&) { throw Refusal("not 13"); });
  expect_only_13(Outcome::refused, records);
  for (const std::int64_t tokens : {6, 13, 7, 8}) EXPECT_EQ(pids[tokens], pids[5]);
}

// Memory is each case's own: what one wrote into it, or beyond it, is gone.
TEST(CandidateWorkers, JudgeEachCaseOnFreshMemory) {
  const Pids pids;
  const auto records = around_13(pids, [](const Call& call) {
    const Tensor& output = call.outputs.front();
    for (std::int64_t i = -8; i < output.count() + 8; ++i) output.as<std::int32_t>()[i] = 0;
    call.inputs.front().as<std::int32_t>()[0] = 1;
  });
  for (std::size_t i = 0; i < records.size(); ++i)
    EXPECT_EQ(records[i].outcome == Outcome::pass, i != 2) << records[i].detail;
  // An output that nobody writes holds no earlier case's values.
  const Candidate lazy = function_candidate({"sequence_index"}, [](const Op& op, const Call& call) {
    return call.the_case->capacity == 13 ? all_outputs(call) : run_on_simt(op, call);
  });
  const auto unwritten = records_of(cases_of_lengths({14, 13}), lazy, In::workers);
  ASSERT_TRUE(unwritten[1].mismatch);
  EXPECT_EQ(unwritten[1].mismatch->check, "unwritten");
}

TEST(CandidateWorkers, AreAsManyAsRunAtATime) {
  const Pids pids;
  std::vector<int> lengths;
  for (int length = 20; length < 60; ++length) lengths.push_back(length);
  records_of(cases_of_lengths(lengths), but_for_13(pids, {}), In::workers, 3);
  std::set<pid_t> different;
  for (const int length : lengths) different.insert(pids[length]);
  EXPECT_LE(different.size(), 3u);
  different.clear();
  records_of(cases_of_lengths(lengths), but_for_13(pids, {}), In::one_process_each, 3);
  for (const int length : lengths) different.insert(pids[length]);
  EXPECT_EQ(different.size(), lengths.size());
}

}  // namespace
}  // namespace packproof::harness
