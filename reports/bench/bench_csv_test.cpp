#include "reports/bench/bench_csv.h"

#include <gtest/gtest.h>

#include <string>

#include "reports/testing/sample_full_bench.h"

namespace packproof::reports {
namespace {

TEST(BenchCsv, HasALineForEachSeries) {
  BenchRun run = sample_full_bench_run();
  run.rows[1].series.pop_back();
  const std::string row =
      "shapes,causal_conv1d,bwd,Qwen3.5-35B-A3B TP 2,gsm8k,\"causal_conv1d:bwd dtype=bf16 "
      "channels=4096 len=100,300 seed=1\",2,400,600,";
  // 2 MB and 30 MFLOP; a warm cache is not a cold one.
  EXPECT_EQ(
      bench_csv(run),
      "part,op,direction,model,lengths,descriptor,segments,valid_tokens,padded_tokens,"
      "implementation,clock,state,detail,samples,median_us,fastest_us,gb_per_s,"
      "tflop_per_s\n" +
          row + "cuda,\"CUDA events, cold L2\",timed,,3,20,19.25,100,1.5\n" + row +
          "cuda,\"CUDA graph, warm L2\",timed,,1,10,10,200,3\n" + row +
          "padded LibTorch,\"CUDA events, cold L2\",timed,without its unpadding,3,40,30,50,0.75\n" +
          row +
          "packed LibTorch,\"CUDA events, cold L2\",refused,\"9000 GB/s, where a copy reached "
          "4000\",,,,,\n"
          "break-even,sequence_index,fwd,,\"50% padding, 25% longest\","
          "\"sequence_index:fwd len=4,1,1,2 seed=1\",2,400,600,simt,host,not timed,"
          "\"mismatch; see packproof repro 'x'\nsecond line\",,,,,\n");
}

TEST(BenchCsv, QuotesAreDoubledAndDataThatOnlyMovesHasNoFlops) {
  BenchRow row = sample_break_even_row();
  row.lengths = "a \"b\"";
  row.series = {{.implementation = "simt", .clock = Clock::host, .samples_us = {1, 3}}};
  const std::string text = bench_csv({.rows = {row}});
  EXPECT_NE(text.find(",\"a \"\"b\"\"\","), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with(",simt,host,timed,,2,2,1,1000,\n")) << text;
}

}  // namespace
}  // namespace packproof::reports
