// What every communicator must do: run over each kind of ranks.
#include "harness/comm/communicator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <vector>

#include "cases/packing/low_precision.h"
#include "harness/comm/thread_ranks.h"

namespace packproof::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class CommunicatorContract : public testing::TestWithParam<int> {
 protected:
  int world() const { return GetParam(); }

  // Runs on all ranks, one after another for what they expect: gtest's assertions are not made for
  // threads.
  void on_ranks(const std::function<void(Communicator&)>& rank) {
    run_thread_ranks(world(), rank, std::chrono::seconds(20));
  }
};

// Catches blocks sent to or taken from the wrong rank, and memory reused before all have read it.
TEST_P(CommunicatorContract, AllToAllSendsBlockIToRankI) {
  std::vector<std::vector<int>> received(static_cast<std::size_t>(world()));
  on_ranks([&](Communicator& comm) {
    for (int round = 0; round < 20; ++round) {
      std::vector<int> send, receive(static_cast<std::size_t>(2 * comm.world()), -1);
      for (int to = 0; to < comm.world(); ++to)
        for (int i = 0; i < 2; ++i) send.push_back(1000 * round + 100 * comm.rank() + 10 * to + i);
      comm.all_to_all(send.data(), receive.data(), 2 * sizeof(int));
      received[static_cast<std::size_t>(comm.rank())] = receive;
    }
  });
  for (int rank = 0; rank < world(); ++rank)
    for (int from = 0; from < world(); ++from)
      for (int i = 0; i < 2; ++i)
        EXPECT_EQ(received[static_cast<std::size_t>(rank)][static_cast<std::size_t>(2 * from + i)],
                  19000 + 100 * from + 10 * rank + i);
}

TEST_P(CommunicatorContract, AllGatherGivesAllBlocksToAll) {
  std::vector<std::vector<int>> received(static_cast<std::size_t>(world()));
  on_ranks([&](Communicator& comm) {
    const int mine = 7 + comm.rank();
    std::vector<int> all(static_cast<std::size_t>(comm.world()));
    comm.all_gather(&mine, all.data(), sizeof(mine));
    received[static_cast<std::size_t>(comm.rank())] = all;
  });
  for (const std::vector<int>& all : received)
    for (int from = 0; from < world(); ++from)
      EXPECT_EQ(all[static_cast<std::size_t>(from)], 7 + from);
}

// Catches a rank that adds its own block first: sums in another order have other bits.
TEST_P(CommunicatorContract, SumsAreAddedInTheOrderOfRanks) {
  const std::vector<float> terms = {1e8f, 3.0f, -1e8f, 0.5f, 7.0f, 1e-3f, -2.0f, 1.0f};
  float expected = terms[0];
  for (int rank = 1; rank < world(); ++rank) expected += terms[static_cast<std::size_t>(rank)];
  std::vector<float> sums(static_cast<std::size_t>(world()));
  std::vector<float> shares(static_cast<std::size_t>(world()));
  on_ranks([&](Communicator& comm) {
    const auto rank = static_cast<std::size_t>(comm.rank());
    sums[rank] = terms[rank];
    float sum = terms[rank];
    comm.all_reduce(&sum, 1, DType::fp32);
    sums[rank] = sum;
    const std::vector<float> send(static_cast<std::size_t>(comm.world()), terms[rank]);
    comm.reduce_scatter(send.data(), &shares[rank], 1, DType::fp32);
  });
  EXPECT_THAT(sums, testing::Each(expected));
  EXPECT_THAT(shares, testing::Each(expected));
}

// Catches bf16 added in bf16: 256 + 1 + 1... would stay 256.
TEST_P(CommunicatorContract, Bf16IsAddedInFp32AndRoundedOnce) {
  std::vector<float> sums(static_cast<std::size_t>(world()));
  on_ranks([&](Communicator& comm) {
    std::uint16_t value = bf16_from_double(comm.rank() == 0 ? 256 : 1);
    comm.all_reduce(&value, 1, DType::bf16);
    sums[static_cast<std::size_t>(comm.rank())] = bf16_to_float(value);
  });
  EXPECT_THAT(sums, testing::Each(bf16_to_float(bf16_from_double(256 + world() - 1))));
}

TEST_P(CommunicatorContract, IntegersWrapAround) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(world()));
  on_ranks([&](Communicator& comm) {
    std::int32_t value = 0x7fffffff;
    comm.all_reduce(&value, 1, DType::int32);
    std::int64_t wide = std::int64_t{1} << 40;
    comm.all_reduce(&wide, 1, DType::int64);
    sums[static_cast<std::size_t>(comm.rank())] = value + wide;
  });
  const auto narrow = static_cast<std::int32_t>(0x7fffffffu * static_cast<std::uint32_t>(world()));
  EXPECT_THAT(sums, testing::Each(narrow + world() * (std::int64_t{1} << 40)));
}

TEST_P(CommunicatorContract, NothingCanBeSent) {
  on_ranks([](Communicator& comm) {
    comm.all_to_all(nullptr, nullptr, 0);
    comm.all_gather(nullptr, nullptr, 0);
    comm.reduce_scatter(nullptr, nullptr, 0, DType::fp32);
    comm.all_reduce(nullptr, 0, DType::bf16);
  });
}

// Catches a rank that reads past what another sent.
TEST_P(CommunicatorContract, UnevenSizesAreRefusedOnEveryRank) {
  if (world() == 1) GTEST_SKIP() << "one rank cannot disagree";
  std::mutex mutex;
  int refused = 0;
  EXPECT_THAT(
      [&] {
        on_ranks([&](Communicator& comm) {
          const bool last = comm.rank() == comm.world() - 1;
          const std::vector<std::byte> send(100), bytes(last ? 2 : 1);
          std::vector<std::byte> receive(200);
          try {
            comm.all_gather(send.data(), receive.data(), bytes.size());
          } catch (const CommFailure&) {
            const std::lock_guard lock(mutex);
            ++refused;
            throw;
          }
        });
      },
      ThrowsMessage<CommFailure>(HasSubstr("rank 0 calls all_gather of 1 bytes")));
  EXPECT_EQ(refused, world());
}

TEST_P(CommunicatorContract, DifferentCollectivesAreRefused) {
  if (world() == 1) GTEST_SKIP() << "one rank cannot disagree";
  EXPECT_THAT(
      [&] {
        on_ranks([](Communicator& comm) {
          float value = 0;
          comm.all_reduce(&value, 1, comm.rank() == 0 ? DType::fp32 : DType::int32);
        });
      },
      ThrowsMessage<CommFailure>(HasSubstr("and rank 1 all_reduce of 4 bytes of int32")));
}

INSTANTIATE_TEST_SUITE_P(Threads, CommunicatorContract, testing::Values(1, 2, 4, 8));

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
