#include "harness/memory/guarded_buffer.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "harness/memory/content_hash.h"

namespace packproof::memory {
namespace {

unsigned char* bytes_at(const GuardedBuffer& buffer) {
  return static_cast<unsigned char*>(buffer.data());
}

TEST(GuardedBuffer, UntouchedGuardsAreFoundIntact) {
  for (std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{255}, std::size_t{256},
                            std::size_t{4096}, std::size_t{100'003}}) {
    GuardedBuffer buffer(bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % GuardedBuffer::kAlignment, 0u);
    std::memset(buffer.data(), 0x5A, bytes);
    EXPECT_FALSE(buffer.check());
    EXPECT_EQ(buffer.bytes(), bytes);
  }
}

TEST(GuardedBuffer, OneByteBeforeAndBehind) {
  for (std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{6}, std::size_t{4096}}) {
    GuardedBuffer buffer(bytes);
    bytes_at(buffer)[bytes] = 0;
    ASSERT_TRUE(buffer.check());
    EXPECT_EQ(buffer.check()->describe(), "wrote 1 byte past the end");
    buffer.restore_canaries();
    EXPECT_FALSE(buffer.check());
    bytes_at(buffer)[-1] = 0;
    ASSERT_TRUE(buffer.check());
    EXPECT_EQ(buffer.check()->side, Overrun::Side::before);
    EXPECT_EQ(buffer.check()->describe(), "wrote 1 byte before the start");
  }
}

TEST(GuardedBuffer, SaysHowFarItWasOverrun) {
  GuardedBuffer buffer(10);
  std::memset(bytes_at(buffer) + 10, 0, 6);
  EXPECT_EQ(buffer.check()->describe(), "wrote 6 bytes past the end");
  buffer.restore_canaries();
  bytes_at(buffer)[10 + 4095] = 0;
  EXPECT_EQ(buffer.check()->describe(), "wrote 4096 to 4096 bytes past the end");
  buffer.restore_canaries();
  bytes_at(buffer)[-4096] = 0;
  EXPECT_EQ(buffer.check()->farthest, 4095u);
}

TEST(GuardedBuffer, CanariesAreNanAtEveryWidth) {
  GuardedBuffer buffer(8);
  for (std::ptrdiff_t offset : {-8, 8}) {
    double wide = 0;
    float narrow = 0;
    std::uint16_t half = 0;
    std::memcpy(&wide, bytes_at(buffer) + offset, 8);
    std::memcpy(&narrow, bytes_at(buffer) + offset, 4);
    std::memcpy(&half, bytes_at(buffer) + offset, 2);
    EXPECT_TRUE(std::isnan(wide));
    EXPECT_TRUE(std::isnan(narrow));
    EXPECT_EQ(half, GuardedBuffer::kCanary16);
  }
}

TEST(GuardedBuffer, ParentSeesWhatADeadChildWrote) {
  GuardedBuffer buffer(16);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::memset(bytes_at(buffer), 7, 18);
    _exit(3);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(bytes_at(buffer)[15], 7);
  ASSERT_TRUE(buffer.check());
  EXPECT_EQ(buffer.check()->describe(), "wrote 2 bytes past the end");
}

TEST(GuardedBufferDeathTest, FarOverrunsHitAPageWithoutAccess) {
  GuardedBuffer buffer(300);
  EXPECT_DEATH(std::memset(bytes_at(buffer), 1, 300 + 3 * 4096), "");
  EXPECT_DEATH(std::memset(bytes_at(buffer) - 3 * 4096, 1, 3 * 4096), "");
}

#if defined(__SANITIZE_ADDRESS__)
TEST(GuardedBufferDeathTest, ShieldReportsReadsUnderAsan) {
  GuardedBuffer buffer(300);
  buffer.shield();
  EXPECT_FALSE(buffer.check());
  volatile unsigned char sink = 0;
  EXPECT_DEATH(sink = bytes_at(buffer)[300], "use-after-poison");
  EXPECT_DEATH(sink = bytes_at(buffer)[-1], "use-after-poison");
  buffer.unshield();
  sink = bytes_at(buffer)[300];
  static_cast<void>(sink);
}
#endif

// What a device does with its own copy of the region.
TEST(GuardedBuffer, RegionCarriesOverrunsThroughACopy) {
  GuardedBuffer buffer(100);
  std::vector<std::byte> copy(buffer.region(), buffer.region() + buffer.region_bytes());
  const auto offset = static_cast<std::byte*>(buffer.data()) - buffer.region();
  EXPECT_EQ(offset % static_cast<std::ptrdiff_t>(GuardedBuffer::kAlignment), 0);
  copy[static_cast<std::size_t>(offset) + 100] = std::byte{0};
  std::memcpy(buffer.region(), copy.data(), copy.size());
  ASSERT_TRUE(buffer.check());
  EXPECT_EQ(buffer.check()->describe(), "wrote 1 byte past the end");
}

TEST(GuardedBuffer, MovesWithItsMemory) {
  GuardedBuffer one(10);
  bytes_at(one)[3] = 9;
  GuardedBuffer other(std::move(one));
  EXPECT_EQ(bytes_at(other)[3], 9);
  GuardedBuffer third(5);
  third = std::move(other);
  EXPECT_EQ(third.bytes(), 10u);
  EXPECT_FALSE(third.check());
}

TEST(ContentHash, SeesEveryBitAndTheLength) {
  for (std::size_t bytes : {std::size_t{1}, std::size_t{8}, std::size_t{29}}) {
    GuardedBuffer buffer(bytes);
    const std::uint64_t before = buffer.hash();
    for (std::size_t bit = 0; bit < bytes * 8; ++bit) {
      bytes_at(buffer)[bit / 8] ^= static_cast<unsigned char>(1u << bit % 8);
      EXPECT_NE(buffer.hash(), before);
      bytes_at(buffer)[bit / 8] ^= static_cast<unsigned char>(1u << bit % 8);
    }
    EXPECT_EQ(buffer.hash(), before);
  }
  EXPECT_NE(GuardedBuffer(8).hash(), GuardedBuffer(16).hash());
}

TEST(GuardedBufferDeathTest, GuardsEndAtPagesWithoutAccess) {
  GuardedBuffer buffer(300);
  volatile std::byte* behind = buffer.region() + buffer.region_bytes();
  volatile std::byte* before = buffer.region() - 1;
  EXPECT_DEATH(*behind = std::byte{1}, "");
  EXPECT_DEATH(*before = std::byte{1}, "");
}

}  // namespace
}  // namespace packproof::memory
