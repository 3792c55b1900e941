#include "kernels/device/conformance/data_movement_conformance.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kernels/device/conformance/conformance.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;
using Bytes = std::vector<unsigned char>;

class DataMovement : public conformance::ConformanceTest {};
PACKPROOF_CONFORMANCE_SUITE(DataMovement);

// Numbers from 0 to `limit` - 1, one after the other.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : words_(conformance::random_words(64 * 1024, seed)) {}
  std::size_t below(std::size_t limit) { return words_[next_++ % words_.size()] % limit; }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t next_ = 0;
};

// PTX ISA, "cp.async": src-size bytes are copied, the rest of cp-size is filled with zeros.
// Catches: sizes, offsets or the fill mixed up.
TEST_P(DataMovement, AsyncCopiesMoveAndFill) {
  constexpr std::size_t kThreads = 128;
  constexpr std::size_t kTotal = 2048;
  std::uint64_t seed = 1;
  for (const std::size_t bytes : {4u, 8u, 16u}) {
    SCOPED_TRACE(bytes);
    Draws draws(seed++);
    const Bytes source = conformance::random_bits<unsigned char>(kTotal, seed++);
    std::vector<std::int32_t> source_at;
    std::vector<std::int32_t> target_at;
    std::vector<std::int32_t> source_bytes;
    Bytes expected(kTotal, 0x22);
    const std::size_t rotation = draws.below(kThreads);
    for (std::size_t thread = 0; thread < kThreads; ++thread) {
      const std::size_t from = draws.below(kTotal / bytes) * bytes;
      const std::size_t to = (thread * 5 + rotation) % kThreads * bytes;
      const std::size_t count = thread % 3 == 0 ? draws.below(bytes + 1) : bytes;
      source_at.push_back(static_cast<std::int32_t>(from));
      target_at.push_back(static_cast<std::int32_t>(to));
      source_bytes.push_back(static_cast<std::int32_t>(count));
      for (std::size_t i = 0; i < bytes; ++i) expected[to + i] = i < count ? source[from + i] : 0;
    }
    const TargetBuffer<unsigned char> there(GetParam(), source);
    const TargetBuffer<std::int32_t> sources(GetParam(), source_at);
    const TargetBuffer<std::int32_t> targets(GetParam(), target_at);
    const TargetBuffer<std::int32_t> counts(GetParam(), source_bytes);
    const TargetBuffer<unsigned char> image(GetParam(), kTotal);
    PACKPROOF_LAUNCHER(GetParam(), run_async_copy)
    ({static_cast<int>(bytes), there.data(), sources.data(), targets.data(), counts.data(),
      image.data(), 0x22},
     nullptr);
    conformance::expect_same_bits(image.read(), expected);
  }
}

// PTX ISA, "cp.async.bulk". Catches: offsets or lengths mixed up, bytes beside the run.
TEST_P(DataMovement, BulkCopiesMoveRuns) {
  for (std::uint64_t seed = 10; seed < 20; ++seed) {
    Draws draws(seed);
    const auto run_at = [&](std::size_t bytes) {
      return draws.below((kImageBytes - bytes) / 16 + 1) * 16;
    };
    const std::size_t loaded = 16 + draws.below(500) * 16;
    const std::size_t stored = 16 + draws.below(500) * 16;
    const std::size_t source_at = run_at(loaded);
    const std::size_t load_at = run_at(loaded);
    const std::size_t store_at = run_at(stored);
    const std::size_t target_at = run_at(stored);
    const Bytes source = conformance::random_bits<unsigned char>(kImageBytes, seed + 100);
    Bytes image(kImageBytes, 0x11);
    std::copy_n(&source[source_at], loaded, &image[load_at]);
    Bytes target(kImageBytes, 0xff);
    std::copy_n(&image[store_at], stored, &target[target_at]);

    const TargetBuffer<unsigned char> source_there(GetParam(), source);
    const TargetBuffer<unsigned char> image_there(GetParam(), kImageBytes);
    const TargetBuffer<unsigned char> target_there(GetParam(), kImageBytes);
    const auto number = [](std::size_t value) { return static_cast<std::int32_t>(value); };
    PACKPROOF_LAUNCHER(GetParam(), run_bulk_copy)
    ({source_there.data(), number(source_at), number(load_at), number(loaded), number(store_at),
      number(target_at), number(stored), image_there.data(), target_there.data()},
     nullptr);
    conformance::expect_same_bits(image_there.read(), image);
    conformance::expect_same_bits(target_there.read(), target);
  }
}

// PTX ISA, "Tensors": "Swizzling modes", by its figures: the 16-byte chunks of a row change places
// by the number of the row; a pattern has eight rows.
std::size_t chunk_in_row(std::size_t row, std::size_t chunk, std::size_t swizzle_bytes) {
  switch (swizzle_bytes) {
    case 128:
      return chunk ^ row % 8;
    case 64:
      return chunk ^ row / 2 % 4;
    case 32:
      return chunk ^ row / 4 % 2;
    default:
      return chunk;
  }
}

struct TensorCase {
  TensorCopyParams params;
  std::size_t tensor_bytes;
};

TensorCase random_case(int rank, TensorElementKind element, std::uint32_t swizzle_bytes,
                       Draws& draws) {
  const std::size_t element_bytes = element == TensorElementKind::kFp32 ? 4 : 2;
  TensorCase drawn{};
  TensorCopyParams& p = drawn.params;
  p.element = element;
  p.rank = rank;
  p.swizzle_bytes = swizzle_bytes;
  const std::size_t row_bytes = swizzle_bytes != 0 ? swizzle_bytes : 16 * (1 + draws.below(16));
  p.box_bytes = static_cast<std::uint32_t>(row_bytes);
  std::size_t stride = element_bytes;
  for (std::size_t i = 0; i < static_cast<std::size_t>(rank); ++i) {
    p.box[i] = static_cast<std::uint32_t>(i == 0 ? row_bytes / element_bytes
                                                 : 1 + draws.below(i > 1       ? 3
                                                                   : rank == 4 ? 12
                                                                               : 24));
    p.size[i] = 1 + draws.below(2 * p.box[i]);
    // Of the innermost dimension a device takes only multiples of 16 bytes.
    const auto step = static_cast<std::int32_t>(i == 0 ? 16 / element_bytes : 1);
    p.coordinates[i] = (static_cast<std::int32_t>(draws.below(2 * p.box[i] + p.size[i])) -
                        static_cast<std::int32_t>(p.box[i])) /
                       step * step;
    p.stride_bytes[i] = stride;
    // Strides beyond what the dimension needs: the next one starts later.
    stride = (stride * p.size[i] + 15) / 16 * 16 + 16 * draws.below(3);
    if (i > 0) p.box_bytes *= p.box[i];
  }
  drawn.tensor_bytes = stride;
  const std::size_t alignment = swizzle_bytes != 0 ? 8 * swizzle_bytes : 128;
  p.image_at = static_cast<std::int32_t>(draws.below((kImageBytes - p.box_bytes) / alignment + 1) *
                                         alignment);
  return drawn;
}

// Calls visit(byte of the tensor or -1, byte of the image) for each byte of the box: PTX ISA,
// "Tiled mode": the box row by row, innermost dimension first.
template <class Visit>
void for_each_byte(const TensorCopyParams& p, Visit visit) {
  const std::size_t element_bytes = p.element == TensorElementKind::kFp32 ? 4 : 2;
  const std::size_t row_bytes = p.box[0] * element_bytes;
  for (std::size_t at = 0; at < p.box_bytes; ++at) {
    std::size_t rest = at / element_bytes;
    bool inside = true;
    std::size_t tensor_at = at % element_bytes;
    for (std::size_t i = 0; i < static_cast<std::size_t>(p.rank); ++i) {
      const std::int64_t index = p.coordinates[i] + static_cast<std::int64_t>(rest % p.box[i]);
      rest /= p.box[i];
      inside = inside && index >= 0 && index < static_cast<std::int64_t>(p.size[i]);
      tensor_at += static_cast<std::size_t>(index) * p.stride_bytes[i];
    }
    const std::size_t row = at / row_bytes;
    const std::size_t chunk = chunk_in_row(row, at % row_bytes / 16, p.swizzle_bytes);
    visit(inside ? static_cast<std::ptrdiff_t>(tensor_at) : -1,
          static_cast<std::size_t>(p.image_at) + row * row_bytes + chunk * 16 + at % 16);
  }
}

template <class Check>
void for_each_tensor_case(Check check) {
  std::uint64_t seed = 1000;
  for (int rank : {2, 3, 4}) {
    for (const auto element :
         {TensorElementKind::kBf16, TensorElementKind::kFp16, TensorElementKind::kFp32}) {
      for (std::uint32_t swizzle_bytes : {0u, 32u, 64u, 128u}) {
        for (int repeat = 0; repeat < 4; ++repeat) {
          SCOPED_TRACE(testing::Message()
                       << "rank " << rank << " element " << static_cast<int>(element) << " swizzle "
                       << swizzle_bytes << " seed " << seed);
          Draws draws(seed);
          check(random_case(rank, element, swizzle_bytes, draws), seed++);
        }
      }
    }
  }
}

// Catches: dimensions, strides or swizzles mixed up; what lies outside the tensor not zero, or
// read.
TEST_P(DataMovement, TensorLoadsFillABox) {
  for_each_tensor_case([&](TensorCase drawn, std::uint64_t seed) {
    const Bytes tensor = conformance::random_bits<unsigned char>(drawn.tensor_bytes, seed);
    Bytes expected(kImageBytes, 0x11);
    for_each_byte(drawn.params, [&](std::ptrdiff_t from, std::size_t to) {
      expected[to] = from < 0 ? 0 : tensor[static_cast<std::size_t>(from)];
    });
    const TargetBuffer<unsigned char> there(GetParam(), tensor);
    const TargetBuffer<unsigned char> image(GetParam(), kImageBytes);
    drawn.params.tensor = there.data();
    drawn.params.image = image.data();
    PACKPROOF_LAUNCHER(GetParam(), run_tensor_copy)(drawn.params, nullptr);
    conformance::expect_same_bits(image.read(), expected);
  });
}

// A device takes no negative coordinate in a store, and writes a row's last 16 bytes whole.
// Catches: the same in a store, and writes outside the tensor or between its rows.
TEST_P(DataMovement, TensorStoresWriteABox) {
  for_each_tensor_case([&](TensorCase drawn, std::uint64_t seed) {
    for (std::int32_t& coordinate : drawn.params.coordinates) coordinate = std::max(coordinate, 0);
    const Bytes contents = conformance::random_bits<unsigned char>(kImageBytes, seed);
    Bytes expected(drawn.tensor_bytes, 0xff);
    TensorCopyParams written = drawn.params;
    const std::size_t element_bytes = written.element == TensorElementKind::kFp32 ? 4 : 2;
    written.size[0] = (written.size[0] * element_bytes + 15) / 16 * 16 / element_bytes;
    for_each_byte(written, [&](std::ptrdiff_t to, std::size_t from) {
      if (to >= 0) expected[static_cast<std::size_t>(to)] = contents[from];
    });
    const TargetBuffer<unsigned char> tensor(GetParam(), drawn.tensor_bytes);
    const TargetBuffer<unsigned char> image(GetParam(), contents);
    drawn.params.tensor = tensor.data();
    drawn.params.image = image.data();
    drawn.params.stores = true;
    PACKPROOF_LAUNCHER(GetParam(), run_tensor_copy)(drawn.params, nullptr);
    conformance::expect_same_bits(tensor.read(), expected);
  });
}

}  // namespace
}  // namespace packproof
