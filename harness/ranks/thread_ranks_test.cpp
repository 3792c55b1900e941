#include "harness/ranks/thread_ranks.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/ranks/communicator_contract.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class OnThreads : public testing::TestWithParam<std::tuple<CommunicatorContract, int>> {};

TEST_P(OnThreads, TheContractHolds) {
  const auto& [contract, world] = GetParam();
  for (const Pace pace : {Pace::together, Pace::one_at_a_time})
    EXPECT_NO_THROW(run_thread_ranks(world, contract.rank, std::chrono::seconds(60), pace));
}

INSTANTIATE_TEST_SUITE_P(Contracts, OnThreads,
                         testing::Combine(testing::ValuesIn(communicator_contracts()),
                                          testing::Values(1, 2, 4, 8)),
                         [](const auto& test) {
                           return std::get<0>(test.param).name + "_" +
                                  std::to_string(std::get<1>(test.param));
                         });

// Catches launches of two ranks at a time, also in groups.
TEST(ThreadRanks, OneAtATimeRunsNoTwoAtOnce) {
  std::atomic<int> running = 0, most = 0;
  const auto work = [&] {
    const int now = ++running;
    most = std::max(most.load(), now);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    --running;
  };
  run_thread_ranks(
      4,
      [&](Communicator& comm) {
        int value = 1;
        const auto group = comm.split(comm.rank() % 2);
        for (int round = 0; round < 5; ++round) {
          work();
          comm.all_reduce(&value, 1, DType::int32);
          work();
          group->all_reduce(&value, 1, DType::int32);
        }
      },
      kCommTimeout, Pace::one_at_a_time);
  EXPECT_EQ(most, 1);
}

// The others wait for the baton, not for ever.
TEST(ThreadRanks, ARankThatFailsHandsItsTurnOn) {
  for (const int failing : {0, 2})
    EXPECT_THAT(
        [&] {
          run_thread_ranks(
              3,
              [&](Communicator& comm) {
                if (comm.rank() == failing) throw std::runtime_error("out of paper");
                int value = 0;
                comm.all_reduce(&value, 1, DType::int32);
              },
              kCommTimeout, Pace::one_at_a_time);
        },
        ThrowsMessage<std::runtime_error>(HasSubstr("out of paper")));
}

// Catches ranks that wait for ever for one that is gone.
TEST(ThreadRanks, ARankThatFailsEndsTheOthersWithItsReason) {
  std::mutex mutex;
  std::vector<std::string> told;
  EXPECT_THAT(
      [&] {
        run_thread_ranks(4, [&](Communicator& comm) {
          if (comm.rank() == 2) throw std::runtime_error("out of paper");
          int value = 0;
          try {
            comm.all_reduce(&value, 1, DType::int32);
          } catch (const CommFailure& failure) {
            const std::lock_guard lock(mutex);
            told.emplace_back(failure.what());
            throw;
          }
        });
      },
      ThrowsMessage<std::runtime_error>(HasSubstr("out of paper")));
  EXPECT_THAT(told, testing::SizeIs(3));
  EXPECT_THAT(told, testing::Each(HasSubstr("rank 2 failed: out of paper")));
}

// Catches ranks that wait in a group for one that is gone, and a group that breaks with another.
TEST(ThreadRanks, ARankThatFailsEndsItsGroupAlone) {
  std::vector<std::string> told(4);
  EXPECT_THAT(
      [&] {
        run_thread_ranks(4, [&](Communicator& comm) {
          const auto group = comm.split(comm.rank() % 2);
          if (comm.rank() == 1) throw std::runtime_error("out of paper");
          int value = 0;
          try {
            for (int i = 0; i < 100; ++i) group->all_reduce(&value, 1, DType::int32);
          } catch (const CommFailure& failure) {
            told[static_cast<std::size_t>(comm.rank())] = failure.what();
          }
        });
      },
      ThrowsMessage<std::runtime_error>(HasSubstr("out of paper")));
  EXPECT_THAT(told, testing::ElementsAre("", "", "", HasSubstr("rank 1 failed: out of paper")));
}

TEST(ThreadRanks, ARankThatReturnsEarlyIsMissed) {
  EXPECT_THAT(
      [] {
        run_thread_ranks(2, [](Communicator& comm) {
          int value = 0;
          if (comm.rank() == 1) comm.all_reduce(&value, 1, DType::int32);
        });
      },
      ThrowsMessage<CommFailure>(HasSubstr("rank 0 returned while others wait for it")));
}

TEST(ThreadRanks, ARankThatNeverComesIsGivenUp) {
  std::mutex held;
  held.lock();
  EXPECT_THAT(
      [&] {
        run_thread_ranks(
            2,
            [&](Communicator& comm) {
              int value = 0;
              if (comm.rank() == 1) {
                const std::lock_guard wait(held);  // until rank 0 has given up
              } else {
                try {
                  comm.all_reduce(&value, 1, DType::int32);
                } catch (...) {
                  held.unlock();
                  throw;
                }
              }
            },
            std::chrono::milliseconds(50));
      },
      ThrowsMessage<CommFailure>(HasSubstr("only 1 of 2 ranks came to a collective within 50")));
}

}  // namespace
}  // namespace packproof::harness
