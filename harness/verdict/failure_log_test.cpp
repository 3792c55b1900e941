#include "harness/verdict/failure_log.h"

#include <gtest/gtest.h>

#include <cmath>

namespace packproof::verdict {
namespace {

TEST(PrintValue, ANaNHasNoSign) {
  EXPECT_EQ(print_value(DType::fp32, -std::nan("")), "nan");
  EXPECT_EQ(print_value(DType::bf16, std::nan("")), "nan");
  EXPECT_EQ(print_value(DType::fp32, -HUGE_VAL), "-inf");
}

}  // namespace
}  // namespace packproof::verdict
