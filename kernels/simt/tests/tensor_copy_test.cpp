// Tensor copies on the executor: which faults are reported. What they move is checked by the
// conformance suite. The line constants count from their own line to the faulty one.
#include "kernels/device/instructions/tensor_copy.cuh"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "kernels/device/instructions/bulk_copy.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/block/sanitizer_support.h"

namespace packproof::kernels_simt {
namespace {

std::string at_line(int line) { return "tensor_copy_test.cpp:" + std::to_string(line); }

// A tensor of 8 rows of 64 floats.
TensorMapShape shape_of(void* global) {
  return {global, TensorElement::kFp32, 2, {64, 8}, {0, 256}, {32, 8}, Swizzle::k128Bytes};
}

// Catches: a map that the device's driver would refuse, or that means something else there.
TEST(TensorMap, RefusesWhatTheDriverRefuses) {
  alignas(64) static float tensor[64 * 8];
  const auto refuses = [](auto change, const std::string& message) {
    TensorMapShape shape = shape_of(tensor);
    change(shape);
    try {
      make_tensor_map(shape);
      ADD_FAILURE() << "accepted; expected: " << message;
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(error.what(), "tensor map: " + message);
    }
  };
  make_tensor_map(shape_of(tensor));
  refuses([](TensorMapShape& s) { s.rank = 5; }, "rank 5; it may be 2, 3 or 4");
  refuses([](TensorMapShape& s) { s.global = tensor + 1; },
          "the tensor's address is not a multiple of 16 bytes");
  refuses([](TensorMapShape& s) { s.size[1] = 0; },
          "the size of dimension 1 (0 is innermost) is 0; it may be 1 to 2^32");
  refuses([](TensorMapShape& s) { s.box[1] = 257; },
          "the box of dimension 1 (0 is innermost) is 257; it may be 1 to 256");
  refuses([](TensorMapShape& s) { s.stride_bytes[1] = 264; },
          "the stride of dimension 1 (0 is innermost) is 264 bytes; it must be a multiple of 16 "
          "below 2^40");
  refuses([](TensorMapShape& s) { s.box[0] = 3; },
          "a row of the box has 12 bytes; it must be a multiple of 16");
  refuses([](TensorMapShape& s) { s.swizzle = Swizzle::k64Bytes; },
          "a row of the box has 128 bytes; the swizzle needs 64");
}

constexpr int kMisuseLine = __LINE__ + 6;
__global__ void misuse(const __grid_constant__ TensorMap map, const TensorMap* other, int which) {
  SIMT_DYN_SHARED(tile);
  SIMT_SHARED(Mbarrier, full);
  mbarrier_init(&full, 1);
  mbarrier_init_fence();
  if (which == 0) tensor_load(tile, map, 0, 0, 0, &full);
  if (which == 1) tensor_load(tile + 512, map, 0, 0, &full);
  if (which == 2) tensor_load(tile + 1024, map, 0, 0, &full);
  if (which == 3) tensor_load(tile, *other, 0, 0, &full);
  if (which == 4) tensor_store(map, 0, 0, tile + 128);
  if (which == 5) tensor_load(tile, map, 32, 8, &full);
  if (which == 6) tensor_load(tile, map, -2, 0, &full);
  if (which == 7) tensor_store(map, 0, -1, tile);
  if (which == 8) tensor_load(tile, map, 32, 1, &full);
}

TEST(TensorCopy, MisuseIsReported) {
  const std::unique_ptr<void, void (*)(void*)> tensor(std::aligned_alloc(64, 64 * 8 * 4),
                                                      std::free);
  const std::unique_ptr<void, void (*)(void*)> less(std::aligned_alloc(64, 64 * 7 * 4), std::free);
  const TensorMap other{};
  const char* const messages[] = {
      "cp.async.bulk.tensor with 3 coordinates by a tensor map of rank 2",
      "cp.async.bulk.tensor of an address that is not a multiple of 1024 bytes",
      "cp.async.bulk.tensor of 1024 bytes that reach past the bounds of dynamic shared memory",
      "cp.async.bulk.tensor by what is no tensor map",
      "cp.async.bulk.tensor of an address that is not a multiple of 1024 bytes",
      // Wholly outside the tensor, so that nothing of it is read: only the wait is missing.
      "this bulk copy is still pending when the block ends",
      "cp.async.bulk.tensor with innermost coordinate -2, -8 bytes; it must be a multiple of 16",
      "cp.async.bulk.tensor store with coordinate -1 of dimension 1 .0 is innermost.; it may not "
      "be",
      "cp.async.bulk.tensor of [0-9]+ bytes that reach memory which is not the caller's"};
  for (int which = 0; which < (simt::detail::kAsan ? 9 : 8); ++which) {
    SCOPED_TRACE(which);
    const TensorMap map =
        make_tensor_map(shape_of(which == 5 || which == 8 ? less.get() : tensor.get()));
    EXPECT_DEATH(simt::launch(misuse, 1, 1, 1600, nullptr, map, &other, which),
                 at_line(kMisuseLine + which) + " in misuse: " + messages[which]);
  }
}

}  // namespace
}  // namespace packproof::kernels_simt
