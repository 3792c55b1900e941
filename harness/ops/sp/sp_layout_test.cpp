// What sp_pad, sp_split and sp_gather are to each other, on our kernels.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/testing/run_descriptor.h"

namespace packproof::harness {
namespace {

// `tensor` over and over.
Bytes repeated(const Bytes& tensor, std::size_t times) {
  Bytes all;
  for (std::size_t i = 0; i < times; ++i) all.insert(all.end(), tensor.begin(), tensor.end());
  return all;
}

struct Pack {
  std::string_view layout;
  std::size_t world;
  std::string_view lengths;

  std::string fields() const {
    return fmt::format("dtype=fp32 layout={} sp={} dim=3", layout, world);
  }
  // The row that sp_pad makes of it, as the case of an op on padded rows.
  std::string padded_fields(const Tensors& padded) const {
    std::vector<std::int32_t> ends(padded.at("cu_seqlens_padded").size() / sizeof(std::int32_t));
    std::memcpy(ends.data(), padded.at("cu_seqlens_padded").data(),
                padded.at("cu_seqlens_padded").size());
    std::vector<std::int32_t> padded_lengths;
    for (std::size_t s = 0; s + 1 < ends.size(); ++s)
      padded_lengths.push_back(ends[s + 1] - ends[s]);
    return fmt::format("{} len={} cap={}", fields(), fmt::join(padded_lengths, ","),
                       padded.at("x_padded").size() / (3 * sizeof(float)));
  }
};

const std::vector<Pack>& packs() {
  static const std::vector<Pack> all = [] {
    std::vector<Pack> made;
    for (const std::string_view layout : {"contiguous", "zigzag"})
      for (std::size_t world = 1; world <= 8; ++world)
        for (const std::string_view lengths : {"5,3", "1", "0,17,0,0,4,33,1", "64,16", "0,0"})
          made.push_back({layout, world, lengths});
    return made;
  }();
  return all;
}

// Catches layouts that agree with nothing but themselves.
TEST(SpLayout, PaddedSplitAndGatheredRowsAreTheTokens) {
  for (const Pack& pack : packs()) {
    const std::string tokens = fmt::format("{} len={}", pack.fields(), pack.lengths);
    SCOPED_TRACE(tokens);
    const Tensors padded = run("sp_pad:fwd " + tokens);
    const Tensors shares =
        run("sp_split:fwd " + pack.padded_fields(padded), {{"x", padded.at("x_padded")}});
    EXPECT_EQ(shares.at("cu_seqlens_padded"), padded.at("cu_seqlens_padded"));
    const Tensors gathered = run("sp_gather:fwd " + tokens, {{"x", shares.at("y")}});
    EXPECT_EQ(gathered.at("cu_seqlens_padded"), padded.at("cu_seqlens_padded"));
    EXPECT_EQ(gathered.at("y"), repeated(padded.at("x"), pack.world));
  }
}

TEST(SpLayout, GradientsComeBackAsTheyWere) {
  for (const Pack& pack : packs()) {
    const std::string tokens = fmt::format("{} len={}", pack.fields(), pack.lengths);
    SCOPED_TRACE(tokens);
    const Tensors padded = run("sp_pad:fwd " + tokens);
    // Every rank has the same gradient, as it has the same loss.
    const Tensors of_shares =
        run("sp_gather:bwd " + tokens, {{"dy", repeated(padded.at("x"), pack.world)}});
    const Tensors of_row =
        run("sp_split:bwd " + pack.padded_fields(padded), {{"dy", of_shares.at("dx")}});
    EXPECT_EQ(of_row.at("dx"), repeated(padded.at("x_padded"), pack.world))
        << "pads have a gradient, or ranks differ";
    Bytes of_one = of_row.at("dx");
    of_one.resize(of_one.size() / pack.world);
    const Tensors of_tokens = run("sp_pad:bwd " + tokens, {{"dx_padded", of_one}});
    EXPECT_EQ(of_tokens.at("dx"), padded.at("x"));
  }
}

// sp_gather is the inverse of sp_split on a row without pads.
TEST(SpLayout, BackwardOfSplitIsGather) {
  for (const Pack& pack : packs()) {
    const Tensors padded = run(fmt::format("sp_pad:fwd {} len={}", pack.fields(), pack.lengths));
    const std::string row = pack.padded_fields(padded);
    SCOPED_TRACE(row);
    const Tensors gathered = run("sp_gather:fwd " + row);
    EXPECT_EQ(run("sp_split:bwd " + row, {{"dy", gathered.at("x")}}).at("dx"), gathered.at("y"));
  }
}

// As a collator with sequence parallelism goes: pads are neither predicted nor learned from.
TEST(SpLayout, LabelsShiftBeforeOrAfterPadding) {
  for (const Pack& pack : packs()) {
    if (pack.layout != "zigzag") continue;
    const std::string tokens = fmt::format("len={}", pack.lengths);
    const std::string fields = pack.fields() + " " + tokens;
    SCOPED_TRACE(fields);
    const Tensors padded = run("sp_pad:fwd " + fields);
    const std::string row = pack.padded_fields(padded);
    const Tensors after = run("shift_labels positions=present" + row.substr(row.find(" len=")),
                              {{"labels", padded.at("labels_padded")},
                               {"position_ids", padded.at("position_ids_padded")}});
    const Tensors before = run("shift_labels " + tokens, {{"labels", padded.at("labels")}});
    EXPECT_EQ(run("sp_pad:fwd " + fields, {{"labels", before.at("shifted")}}).at("labels_padded"),
              after.at("shifted"));
  }
}

}  // namespace
}  // namespace packproof::harness
