#include "reports/records/slowest_text.h"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace packproof::reports {
namespace {

Record taking(const std::string& descriptor, double seconds) {
  Record record;
  record.descriptor = descriptor;
  record.elapsed_us = {{"inputs", seconds * 0.25e6}, {"candidate", seconds * 0.75e6}};
  return record;
}

TEST(SlowestText, NamesTheSlowestFirst) {
  const std::vector<Record> records = {taking("a", 0.5), taking("b", 2), taking("c", 1)};
  EXPECT_EQ(slowest_text(records, 2), "slowest:\n       2.0 s  b\n       1.0 s  c\n");
  EXPECT_EQ(slowest_text(records, 9).size(), slowest_text(records, 3).size());
  EXPECT_EQ(slowest_text(records, 0), "");
  EXPECT_EQ(slowest_text({}, 5), "");
}

TEST(SlowestText, AStageThatWasNotTimedCountsNothing) {
  Record record = taking("a", 1);
  record.elapsed_us.emplace_back("compare", std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(elapsed_s(record), 1);
}

}  // namespace
}  // namespace packproof::reports
