// What every communicator must do, as one rank sees it: for tests, whatever the ranks are.
#pragma once

#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/core/low_precision.h"
#include "harness/ranks/communicator.h"

namespace packproof::harness {

struct CommunicatorContract {
  std::string name;
  // Run by every rank of a group at once. Throws std::runtime_error where the contract is broken.
  void (*rank)(Communicator& comm);
};

namespace contract_detail {

template <class T>
void expect_equal(const std::vector<T>& got, const std::vector<T>& want) {
  if (got != want) throw std::runtime_error(fmt::format("got {}, expected {}", got, want));
}

// Catches blocks sent to or taken from the wrong rank, and memory reused before all have read it.
inline void all_to_all(Communicator& comm) {
  for (int round = 0; round < 20; ++round) {
    const auto element = [&](int from, int to, int i) {
      return 1000 * round + 100 * from + 10 * to + i;
    };
    std::vector<int> send, want, receive(static_cast<std::size_t>(2 * comm.world()), -1);
    for (int other = 0; other < comm.world(); ++other)
      for (int i = 0; i < 2; ++i) {
        send.push_back(element(comm.rank(), other, i));
        want.push_back(element(other, comm.rank(), i));
      }
    comm.all_to_all(send.data(), receive.data(), 2 * sizeof(int));
    std::fill(send.begin(), send.end(), -2);
    expect_equal(receive, want);
  }
}

inline void all_gather(Communicator& comm) {
  const int mine = 7 + comm.rank();
  std::vector<int> want, all(static_cast<std::size_t>(comm.world()));
  for (int from = 0; from < comm.world(); ++from) want.push_back(7 + from);
  comm.all_gather(&mine, all.data(), sizeof(mine));
  expect_equal(all, want);
}

// Catches a rank that adds its own block first: sums in another order have other bits.
inline void order_of_sums(Communicator& comm) {
  constexpr float kTerms[] = {1e8f, 3.0f, -1e8f, 0.5f, 7.0f, 1e-3f, -2.0f, 1.0f};
  float want = kTerms[0];
  for (int rank = 1; rank < comm.world(); ++rank) want += kTerms[rank % 8];
  const float mine = kTerms[comm.rank() % 8];
  float sum = mine, share = 0;
  comm.all_reduce(&sum, 1, DType::fp32);
  const std::vector<float> send(static_cast<std::size_t>(comm.world()), mine);
  comm.reduce_scatter(send.data(), &share, 1, DType::fp32);
  expect_equal<float>({sum, share}, {want, want});
}

// Catches a rank that receives another's block of the sums.
inline void blocks_of_sums(Communicator& comm) {
  std::vector<std::int32_t> send, receive(2);
  for (std::int32_t i = 0; i < 2 * comm.world(); ++i) send.push_back(i);
  comm.reduce_scatter(send.data(), receive.data(), 2, DType::int32);
  const std::int32_t first = 2 * comm.rank() * comm.world();
  expect_equal<std::int32_t>(receive, {first, first + comm.world()});
}

// Catches bf16 added in bf16: 256 + 1 + 1... would stay 256.
inline void bf16(Communicator& comm) {
  std::uint16_t value = bf16_from_double(comm.rank() == 0 ? 256 : 1);
  comm.all_reduce(&value, 1, DType::bf16);
  expect_equal<std::uint16_t>({value}, {bf16_from_double(256 + comm.world() - 1)});
}

inline void integers(Communicator& comm) {
  std::int32_t narrow = 0x7fffffff;
  std::int64_t wide = std::int64_t{1} << 40;
  comm.all_reduce(&narrow, 1, DType::int32);
  comm.all_reduce(&wide, 1, DType::int64);
  const auto wrapped =
      static_cast<std::int32_t>(0x7fffffffu * static_cast<std::uint32_t>(comm.world()));
  expect_equal<std::int64_t>({narrow, wide}, {wrapped, comm.world() * (std::int64_t{1} << 40)});
}

inline void nothing(Communicator& comm) {
  comm.all_to_all(nullptr, nullptr, 0);
  comm.all_gather(nullptr, nullptr, 0);
  comm.reduce_scatter(nullptr, nullptr, 0, DType::fp32);
  comm.all_reduce(nullptr, 0, DType::bf16);
}

// `call` must fail on this rank with these words in the message.
template <class Call>
void expect_failure(Call call, const std::string& words) {
  try {
    call();
  } catch (const CommFailure& failure) {
    if (std::string(failure.what()).find(words) == std::string::npos)
      throw std::runtime_error(
          fmt::format("the message '{}' does not say '{}'", failure.what(), words));
    return;
  }
  throw std::runtime_error("ranks that disagree were not refused");
}

// Catches a group with the wrong ranks, and one whose ranks are in another order. The last color
// has a rank fewer than the others where the world is odd.
inline void groups(Communicator& comm) {
  for (int colors = 1; colors <= 2; ++colors) {
    const auto group = comm.split(comm.rank() % colors);
    const int mine = comm.rank();
    std::vector<int> want, all(static_cast<std::size_t>(group->world()));
    for (int rank = mine % colors; rank < comm.world(); rank += colors) want.push_back(rank);
    group->all_gather(&mine, all.data(), sizeof(mine));
    expect_equal(all, want);
    expect_equal<int>({group->rank()}, {mine / colors});
    // A group of a group; and the whole still works beside it.
    const auto alone = group->split(group->rank());
    expect_equal<int>({alone->world(), alone->rank()}, {1, 0});
    std::int32_t ranks = 1;
    comm.all_reduce(&ranks, 1, DType::int32);
    expect_equal<std::int32_t>({ranks}, {comm.world()});
  }
}

// Catches a rank that reads past what another sent.
inline void uneven_sizes(Communicator& comm) {
  if (comm.world() == 1) return;  // one rank cannot disagree
  const std::vector<std::byte> send(4);
  std::vector<std::byte> receive(4 * static_cast<std::size_t>(comm.world()));
  const std::size_t bytes = comm.rank() == comm.world() - 1 ? 2 : 1;
  expect_failure([&] { comm.all_gather(send.data(), receive.data(), bytes); },
                 "rank 0 calls all_gather of 1 bytes");
}

inline void different_dtypes(Communicator& comm) {
  if (comm.world() == 1) return;
  float value = 0;
  expect_failure([&] { comm.all_reduce(&value, 1, comm.rank() == 0 ? DType::fp32 : DType::int32); },
                 "and rank 1 all_reduce of 4 bytes of int32");
}

}  // namespace contract_detail

inline std::vector<CommunicatorContract> communicator_contracts() {
  return {{"AllToAllSendsBlockIToRankI", contract_detail::all_to_all},
          {"AllGatherGivesAllBlocksToAll", contract_detail::all_gather},
          {"SumsAreAddedInTheOrderOfRanks", contract_detail::order_of_sums},
          {"ARankReceivesItsBlockOfTheSums", contract_detail::blocks_of_sums},
          {"Bf16IsAddedInFp32AndRoundedOnce", contract_detail::bf16},
          {"IntegersWrapAround", contract_detail::integers},
          {"NothingCanBeSent", contract_detail::nothing},
          {"GroupsHaveTheRanksOfOneColor", contract_detail::groups},
          {"UnevenSizesAreRefusedOnEveryRank", contract_detail::uneven_sizes},
          {"DifferentDtypesAreRefused", contract_detail::different_dtypes}};
}

}  // namespace packproof::harness
