#include "harness/ranks/communicator.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cases/core/low_precision.h"

namespace packproof::harness {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"all_to_all", "all_gather", "reduce_scatter",
                                                    "all_reduce"};

// How elements are kept, and added.
template <class T>
struct Plain {
  using Stored = T;
  static T load(T stored) { return stored; }
  static T round(T sum) { return sum; }
};
struct Bf16 {
  using Stored = std::uint16_t;
  static float load(Stored stored) { return bf16_to_float(stored); }
  static Stored round(float sum) { return bf16_from_double(static_cast<double>(sum)); }
};
struct Fp16 {
  using Stored = std::uint16_t;
  static float load(Stored stored) { return fp16_to_float(stored); }
  static Stored round(float sum) { return fp16_from_double(static_cast<double>(sum)); }
};

// sums[i] of blocks [world, count], in the order of ranks.
template <class Element>
void add_blocks(const std::byte* blocks, int world, std::int64_t count, void* sums) {
  using Stored = typename Element::Stored;
  const auto at = [](std::int64_t i) { return static_cast<std::size_t>(i) * sizeof(Stored); };
  for (std::int64_t i = 0; i < count; ++i) {
    const auto element = [&](int rank) {
      Stored stored;
      std::memcpy(&stored, blocks + at(rank * count + i), sizeof(stored));
      return Element::load(stored);
    };
    auto sum = element(0);
    for (int rank = 1; rank < world; ++rank) sum += element(rank);
    const Stored rounded = Element::round(sum);
    std::memcpy(static_cast<std::byte*>(sums) + at(i), &rounded, sizeof(rounded));
  }
}

void add_blocks(const std::byte* blocks, int world, std::int64_t count, DType dtype, void* sums) {
  switch (dtype) {
    case DType::bf16:
      return add_blocks<Bf16>(blocks, world, count, sums);
    case DType::fp16:
      return add_blocks<Fp16>(blocks, world, count, sums);
    case DType::fp32:
      return add_blocks<Plain<float>>(blocks, world, count, sums);
    case DType::fp64:
      return add_blocks<Plain<double>>(blocks, world, count, sums);
    // Unsigned: sums of integers wrap around.
    case DType::int32:
      return add_blocks<Plain<std::uint32_t>>(blocks, world, count, sums);
    case DType::int64:
      return add_blocks<Plain<std::uint64_t>>(blocks, world, count, sums);
    case DType::uint8:
      break;
  }
  throw std::logic_error(fmt::format("{} is not added over ranks", name_of(dtype)));
}

}  // namespace

std::shared_ptr<std::byte[]> Communicator::room(std::size_t bytes) {
  return std::make_shared<std::byte[]>(bytes);
}

void Communicator::add(const std::byte* blocks, std::int64_t count, DType dtype, void* sums) {
  add_blocks(blocks, world(), count, dtype, sums);
}

void Communicator::agree_on(Collective collective, std::size_t bytes, DType dtype) {
  struct Wish {
    std::int64_t collective, bytes, dtype;
  };
  const Wish mine = {static_cast<std::int64_t>(collective), static_cast<std::int64_t>(bytes),
                     static_cast<std::int64_t>(dtype)};
  std::vector<Wish> wishes(static_cast<std::size_t>(world()));
  gather(&mine, wishes.data(), sizeof(mine));
  const auto text = [](const Wish& wish) {
    return fmt::format("{} of {} bytes of {}", kNames.at(static_cast<std::size_t>(wish.collective)),
                       wish.bytes, name_of(static_cast<DType>(wish.dtype)));
  };
  for (std::size_t other = 1; other < wishes.size(); ++other) {
    const Wish &first = wishes[0], &wish = wishes[other];
    if (wish.collective != first.collective || wish.bytes != first.bytes ||
        wish.dtype != first.dtype)
      throw CommFailure(fmt::format(
          "ranks of one group must make the same calls with the same sizes, but rank 0 calls {} "
          "and rank {} {}",
          text(first), other, text(wish)));
  }
}

void Communicator::all_to_all(const void* send, void* receive, std::size_t bytes_each) {
  agree_on(Collective::all_to_all, bytes_each, DType::uint8);
  if (bytes_each > 0) exchange(send, receive, bytes_each);
}

void Communicator::all_gather(const void* send, void* receive, std::size_t bytes_each) {
  agree_on(Collective::all_gather, bytes_each, DType::uint8);
  if (bytes_each > 0) gather(send, receive, bytes_each);
}

void Communicator::reduce_scatter(const void* send, void* receive, std::int64_t count_each,
                                  DType dtype) {
  const std::size_t bytes = static_cast<std::size_t>(count_each) * size_of(dtype);
  agree_on(Collective::reduce_scatter, bytes, dtype);
  if (bytes == 0) return;
  const auto blocks = room(static_cast<std::size_t>(world()) * bytes);
  exchange(send, blocks.get(), bytes);
  add(blocks.get(), count_each, dtype, receive);
}

void Communicator::all_reduce(void* data, std::int64_t count, DType dtype) {
  const std::size_t bytes = static_cast<std::size_t>(count) * size_of(dtype);
  agree_on(Collective::all_reduce, bytes, dtype);
  if (bytes == 0) return;
  const auto blocks = room(static_cast<std::size_t>(world()) * bytes);
  gather(data, blocks.get(), bytes);
  add(blocks.get(), count, dtype, data);
}

}  // namespace packproof::harness
