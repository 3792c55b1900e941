#include "harness/peers/peer_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/language/descriptor.h"
#include "harness/ops/op_list.h"
#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::harness {
namespace {

using reports::Clock;
using reports::ReportError;
using reports::SeriesState;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Case a_case(const std::string& descriptor) { return parse_descriptor(descriptor, op_lookup()); }

PeerTimes times_of(const std::string& json) {
  const reports::ScratchFolder folder;
  reports::write_file_atomically(folder.file("peers.json"), json);
  return PeerTimes(folder.file("peers.json"));
}

std::string error_of(const std::string& json) {
  try {
    times_of(json);
  } catch (const ReportError& error) {
    return error.what();
  }
  return "no error";
}

std::string entry(const std::string& op, const std::string& label, const std::string& peer = "fla",
                  const std::string& result = R"("ms": 2.5)") {
  return R"({"op": ")" + op + R"(", "peer": ")" + peer + R"(", "cfg": ")" + label + R"(", )" +
         result + "}";
}

// Whether an entry of peers.py is of the case with this descriptor.
bool is_of(const std::string& op, const std::string& label, const std::string& descriptor) {
  PeerTimes times = times_of("[" + entry(op, label) + "]");
  const bool found = !times.series_for(a_case(descriptor)).empty();
  EXPECT_EQ(times.unmatched().size(), found ? 0U : 1U);
  return found;
}

TEST(PeerTimes, AreOneSampleOfTheMedian) {
  PeerTimes times = times_of("[" + entry("l2norm_fwd", "T=96 H=32 D=128") + "]");
  const auto found = times.series_for(a_case("l2norm:fwd heads=32 dim=128 len=3*32"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].implementation, "fla");
  EXPECT_EQ(found[0].clock, Clock::events_cold);
  EXPECT_EQ(found[0].state, SeriesState::timed);
  EXPECT_THAT(found[0].samples_us, ElementsAre(2500));
  EXPECT_EQ(found[0].detail, "a median that peers.py measured in another process");
}

constexpr const char* kDeltaRule =
    "chunk_gated_delta_rule:fwd key_heads=2 value_heads=8 key_dim=128 value_dim=128 ";

TEST(PeerTimes, OfTheDeltaRuleMatchOnHeadsDimsLengthsAndState) {
  const std::string rule = kDeltaRule;
  EXPECT_TRUE(is_of("gdn_fwd", "2/8 3seq T=48", rule + "state=final len=3*16"));
  EXPECT_TRUE(is_of("gdn_fwd", "2/8 3seq T=48", rule + "state=final len=8,8,32 seed=5"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/4 3seq T=48", rule + "state=final len=3*16"));
  EXPECT_FALSE(is_of("gdn_fwd", "8/8 3seq T=48", rule + "state=final len=3*16"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 2seq T=48", rule + "state=final len=3*16"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 3seq T=47", rule + "state=final len=3*16"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 3seq T=48", rule + "state=none len=3*16"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 3seq T=48", rule + "state=both len=3*16"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 3seq T=48", rule + "state=final l2norm=inside len=3*16"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 3seq T=48", rule + "state=final dtype=fp16 len=3*16"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 3seq T=48", rule + "state=final len=3*16 cap=64"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 3seq T=64", rule + "state=final len=3*16 cap=64"));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 3seq T=48 D=64", rule + "state=final len=3*16"));
  EXPECT_FALSE(is_of("gdn_bwd", "2/8 3seq T=48", rule + "state=final len=3*16"));
  EXPECT_TRUE(is_of("gdn_bwd", "2/8 3seq T=48",
                    "chunk_gated_delta_rule:bwd key_heads=2 value_heads=8 key_dim=128 "
                    "value_dim=128 len=3*16"));
}

TEST(PeerTimes, OfPaddedRowsMatchOnTheLongestToo) {
  const std::string label = "2/8 3seq T=48 padded B=3 M=32";
  EXPECT_TRUE(is_of("gdn_fwd", label, kDeltaRule + std::string("state=final len=8,8,32")));
  EXPECT_FALSE(is_of("gdn_fwd", label, kDeltaRule + std::string("state=final len=3*16")));
  EXPECT_FALSE(is_of("gdn_fwd", "2/8 3seq T=48 padded B=4 M=32",
                     kDeltaRule + std::string("state=final len=8,8,32")));
  PeerTimes times = times_of("[" + entry("gdn_fwd", label, "fla_padded") + "]");
  const auto found = times.series_for(a_case(kDeltaRule + std::string("state=final len=8,8,32")));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].detail, HasSubstr("; padded"));
}

TEST(PeerTimes, OfTheConvolutionMatchOnChannelsWidthAndActivation) {
  const std::string label = "C=64 W=4 silu 2seq T=40";
  const auto conv = [](const std::string& rest) {
    return "causal_conv1d:fwd channels=64 bias=absent " + rest;
  };
  EXPECT_TRUE(is_of("conv_fwd", label, conv("len=10,30")));
  EXPECT_TRUE(is_of("conv_fwd", label, conv("activation=swish len=10,30")));
  EXPECT_TRUE(is_of("conv_bwd", label, "causal_conv1d:bwd channels=64 bias=absent len=10,30"));
  EXPECT_FALSE(is_of("conv_fwd", label, conv("activation=none len=10,30")));
  EXPECT_FALSE(is_of("conv_fwd", label, conv("width=3 len=10,30")));
  EXPECT_FALSE(is_of("conv_fwd", label, conv("state=final len=10,30")));
  EXPECT_FALSE(is_of("conv_fwd", label, conv("row_stride=128 len=10,30")));
  EXPECT_FALSE(is_of("conv_fwd", label, "causal_conv1d:fwd channels=64 bias=present len=10,30"));
  EXPECT_FALSE(is_of("conv_fwd", "C=128 W=4 silu 2seq T=40", conv("len=10,30")));
  EXPECT_TRUE(is_of("conv_fwd", "C=64 W=4 none 2seq T=40", conv("activation=none len=10,30")));
}

TEST(PeerTimes, OfNormsMatchWhateverTheSegments) {
  const std::string label = "T=96 H=32 D=128";
  EXPECT_TRUE(is_of("rmsnorm_gated_fwd", label, "rms_norm_gated:fwd heads=32 dim=128 len=96"));
  EXPECT_TRUE(is_of("rmsnorm_gated_fwd", label, "rms_norm_gated:fwd heads=32 dim=128 len=3*32"));
  EXPECT_FALSE(is_of("rmsnorm_gated_fwd", label, "rms_norm_gated:fwd heads=16 dim=128 len=96"));
  EXPECT_FALSE(is_of("rmsnorm_gated_fwd", label, "rms_norm_gated:fwd heads=32 dim=64 len=96"));
  EXPECT_FALSE(is_of("rmsnorm_gated_fwd", label, "rms_norm_gated:fwd heads=32 dim=128 len=95"));
  EXPECT_FALSE(is_of("rmsnorm_gated_fwd", label, "l2norm:fwd heads=32 dim=128 len=96"));
}

TEST(PeerTimes, InOurOwnTermsMatchByDescriptorOrShape) {
  const std::string descriptor = kDeltaRule + std::string("state=final len=16,32");
  const std::string begin =
      R"([{"op": "chunk_gated_delta_rule", "direction": "fwd", "peer": "x", )";
  PeerTimes exact = times_of(begin + R"("descriptor": ")" + descriptor + R"(", "ms": 1}])");
  EXPECT_THAT(exact.series_for(a_case(descriptor + " seed=9 fill=tiny")), SizeIs(1));
  EXPECT_THAT(exact.series_for(a_case(kDeltaRule + std::string("state=final len=32,16"))),
              IsEmpty());
  EXPECT_THAT(exact.series_for(a_case(descriptor + " dtype=fp16")), IsEmpty());
  PeerTimes shape = times_of(begin + R"("shape": "2/8 2seq T=48", "ms": 1}])");
  EXPECT_THAT(shape.series_for(a_case(descriptor)), SizeIs(1));
}

TEST(PeerTimes, KeepWhyAPeerCouldNotRun) {
  PeerTimes times = times_of(
      "[" + entry("l2norm_fwd", "T=96 H=32 D=128", "fla", R"("error": "OutOfMemoryError: 1 TiB")") +
      "]");
  const auto found = times.series_for(a_case("l2norm:fwd heads=32 dim=128 len=96"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].state, SeriesState::not_timed);
  EXPECT_EQ(found[0].detail, "OutOfMemoryError: 1 TiB");
  EXPECT_THAT(found[0].samples_us, IsEmpty());
}

TEST(PeerTimes, GiveCeilings) {
  const PeerTimes times =
      times_of("[" + entry("copy", "2GiB", "torch", R"("ms": 1.0, "bytes": 4e9)") + "," +
               entry("copy", "2GiB", "torch", R"("ms": 2.0, "bytes": 4e9)") + "," +
               entry("matmul", "8192", "torch", R"("ms": 2.0, "flop": 1e12)") + "]");
  ASSERT_TRUE(times.ceilings());
  EXPECT_THAT(times.ceilings()->copy_gb_s, DoubleNear(4000, 1e-9));
  EXPECT_THAT(times.ceilings()->matmul_tflop_s, DoubleNear(500, 1e-9));
  EXPECT_THAT(times.ceilings()->how, HasSubstr("torch copy of 2GiB"));
  EXPECT_THAT(times.unmatched(), IsEmpty());
  EXPECT_FALSE(times_of("[]").ceilings());
}

TEST(PeerTimes, ListWhatNoRowAskedFor) {
  PeerTimes times = times_of("[" + entry("attn_fwd", "H=16/4 D=256 causal 1seq T=64") + "," +
                             entry("gdn_fwd", "2/8 3seq T=48 reversed") + "," +
                             entry("gdn_fwd", "2/8 3seq T=48") + "," +
                             entry("l2norm_fwd", "T=96 H=32 D=128") + "]");
  times.series_for(a_case("l2norm:fwd heads=32 dim=128 len=96"));
  EXPECT_THAT(times.unmatched(),
              ElementsAre("attn_fwd fla 'H=16/4 D=256 causal 1seq T=64': no op of ours",
                          "gdn_fwd fla '2/8 3seq T=48 reversed': its shape is not understood",
                          "gdn_fwd fla '2/8 3seq T=48': no such row"));
}

TEST(PeerTimes, OfABadFileAreOneClearError) {
  EXPECT_THAT(error_of("{}"), HasSubstr("is no file of peers' times: it must be a list"));
  EXPECT_THAT(error_of("garbage"), HasSubstr("is not JSON"));
  EXPECT_THAT(error_of(R"([{"peer": "fla"}])"), HasSubstr("[0].op is missing"));
  EXPECT_THAT(error_of("[" + entry("gdn_fwd", "x", "fla", R"("ms": 0)") + "]"),
              HasSubstr("[0].ms must be greater than 0, found 0"));
  EXPECT_THAT(error_of(R"([{"op": "gdn_fwd", "peer": "fla", "ms": 1}])"),
              HasSubstr("none of cfg, shape and descriptor"));
  EXPECT_THAT(
      error_of(R"([{"op": "l2norm", "direction": "up", "peer": "x", "shape": "x", "ms": 1}])"),
      HasSubstr(R"([0].direction must be "fwd" or "bwd", found "up")"));
  EXPECT_THAT(error_of(R"([{"op": "l2norm", "direction": "bwd", "peer": "x", "ms": 1,
                            "descriptor": "l2norm:fwd len=3"}])"),
              HasSubstr("is not of l2norm:bwd"));
  EXPECT_THAT(error_of(R"([{"op": "l2norm", "direction": "fwd", "peer": "x", "ms": 1,
                            "descriptor": "l2norm:fwd lenght=3"}])"),
              HasSubstr("lenght"));
  EXPECT_THROW(PeerTimes("/absent/peers.json"), ReportError);
}

}  // namespace
}  // namespace packproof::harness
