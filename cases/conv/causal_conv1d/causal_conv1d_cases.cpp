#include "cases/op_forms.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

#include "cases/forms/descriptor_lists.h"
#include "cases/lengths/length_families.h"

namespace packproof::cases {
namespace {

// No kernel of ours works in chunks of 64 tokens, but others do.
constexpr std::int64_t kChunk = 64;

constexpr std::array kDTypes = {"bf16", "fp16", "fp32"};
constexpr std::array kWidths = {4, 3, 2};
constexpr std::array kActivations = {"silu", "none", "swish"};
constexpr std::array kStates = {"both", "none", "initial", "final"};
constexpr std::array kBiases = {"present", "absent"};
// Around vectors of 16 bytes: rows of 60 16-bit elements are whole vectors of 8 bytes only; 136 is
// more than a block's worth of some layouts.
constexpr std::array kChannels = {64, 1, 8, 3, 136, 60};

// One layout under one choice of everything else. The strides were searched for such that any 28
// consecutive i show every value of every field with every value of every other; the form's test
// counts them.
std::string layout_case(const char* direction, std::size_t i, std::size_t layout) {
  const int width = pick(kWidths, i + i / 3);
  return fmt::format(
      "causal_conv1d:{} dtype={} channels={} width={} activation={} bias={} state={} {} seed={}",
      direction, pick(kDTypes, i / 10), pick(kChannels, i), width, pick(kActivations, i + i / 7),
      pick(kBiases, i / 2), pick(kStates, i + i / 6),
      edge_catalogue(width, kChunk)[layout].descriptor_part(), i + 1);
}

// Every layout in both directions; the backward pass sees a layout under another choice.
void add_layouts(std::vector<std::string>& all) {
  constexpr std::size_t kTurn = 11;
  const std::size_t layouts = edge_catalogue(4, kChunk).size();
  for (std::size_t layout = 0; layout < layouts; ++layout)
    all.push_back(layout_case("fwd", layout, layout));
  for (std::size_t layout = 0; layout < layouts; ++layout)
    all.push_back(layout_case("bwd", (layout + kTurn) % layouts, layout));
}

// x, and dy, as slices of wider rows: what lies between theirs is another tensor's.
void add_strided(std::vector<std::string>& all) {
  add_each_direction(
      all, "causal_conv1d",
      {
          // q of a projection to q, k and v.
          "channels=64 row_stride=192 len=5,0,3,70 cap=90 seed=11",
          "dtype=fp16 channels=24 row_stride=72 width=3 state=both len=1,2,40,9 seed=12",
          "dtype=fp32 channels=16 row_stride=48 state=both len=17,0,3 cap=24 seed=13",
          // Rows of whole vectors that do not begin at one: all but each eighth, fourth or second.
          "channels=16 row_stride=17 state=both len=9,30 seed=14",
          "dtype=fp16 channels=16 row_stride=18 bias=absent len=9,30 seed=15",
          "channels=16 row_stride=20 state=final len=9,30 seed=16",
          "dtype=fp32 channels=8 row_stride=9 state=both len=9,30 seed=17",
          "dtype=fp32 channels=8 row_stride=10 width=2 len=9,30 seed=18",
          "channels=3 row_stride=7 activation=none state=both len=4,1,1,20 seed=19",
          "channels=8 row_stride=8 state=both len=9,3 seed=20",
          // Whatever lies in the gaps.
          "channels=8 row_stride=16 len=9,2 cap=14 slack=inf seed=21",
          "dtype=fp32 channels=8 row_stride=24 state=both len=9,2 cap=14 slack=huge seed=22",
          "dtype=fp16 channels=8 row_stride=32 activation=none state=both len=1,2,3,70 "
          "fill=integers seed=23",
          "channels=8 row_stride=1000 len=9,2 seed=24 contract=C9",
          // Beyond 2^31 and 2^32 elements, by vectors and one at a time. Of such gaps no memory is
          // touched.
          "channels=8 row_stride=1073741824 state=both len=3,3 seed=25",
          "channels=3 row_stride=1073741823 state=final len=3,0,3 cap=7 seed=26",
      });
  for (const char* rest :
       {"channels=64 row_stride=192 dy_row_stride=128 len=5,0,3,70 cap=90 seed=25",
        "dtype=fp16 channels=16 row_stride=24 dy_row_stride=17 state=both len=9,30 seed=26",
        "dtype=fp32 channels=8 row_stride=9 dy_row_stride=16 state=both len=9,30 seed=27",
        "channels=16 dy_row_stride=18 state=both len=9,30 cap=41 slack=huge seed=28",
        "channels=16 dy_row_stride=20 width=3 bias=absent len=9,30 seed=29",
        "dtype=fp32 channels=3 dy_row_stride=5 activation=none len=4,1,1,20 seed=30",
        "channels=8 dy_row_stride=1073741824 state=both len=3,3 seed=31",
        "channels=3 dy_row_stride=1073741823 len=3,3 seed=32"})
    all.push_back(fmt::format("causal_conv1d:bwd {}", rest));
}

std::vector<std::string> quick() {
  std::vector<std::string> all;
  add_layouts(all);
  add_each_direction(
      all, "causal_conv1d",
      {
          // No row at all: launches of nothing, and gradients that are zero all the same.
          "channels=8 state=both len=0,0 seed=2",
          // C2: the same return type whatever is asked for.
          "channels=8 state=none len=5,3 seed=1 contract=C2",
          "channels=8 state=initial len=5,3 seed=1 contract=C2",
          "channels=8 state=final len=5,3 seed=1 contract=C2",
          "channels=8 state=both len=5,0,3 seed=1 contract=C2",
          // C3: the activation that was asked for, or none at all.
          "channels=24 activation=none len=5,3 seed=1 contract=C3",
          "channels=8 activation=swish len=5,3 seed=1 contract=C3",
          "channels=8 activation=gelu len=5,3 seed=1 contract=C3 expect=refused",
          "channels=8 activation=SiLU len=5,3 seed=1 contract=C3 expect=refused",
          // C7: a falling, a late and an overlong cu_seqlens, and one that wrapped around.
          "channels=8 cu_seqlens=0,5,3,8 cap=8 seed=1 contract=C7 expect=refused",
          "channels=8 cu_seqlens=1,5,8 cap=8 seed=1 contract=C7 expect=refused",
          "channels=8 cu_seqlens=0,5,9 cap=8 seed=1 contract=C7 expect=refused",
          "channels=8 cu_seqlens=0,5,-2147483648 cap=8 seed=1 contract=C7 expect=refused",
          // C8: whatever slack holds stays there, also out of sums over tokens.
          "channels=8 len=9,2 cap=31 slack=nan seed=1 contract=C8",
          "channels=8 len=9,2 cap=31 slack=inf seed=1 contract=C8",
          "channels=3 dtype=fp32 state=both len=9,2 cap=31 slack=huge seed=1 contract=C8",
          "channels=8 activation=none len=9,2 cap=31 slack=zero seed=1 contract=C8",
          // Exact sums: a wrong tap cannot hide in a tolerance. Only without activation: silu of
          // such integers underflows fp16.
          "dtype=fp16 channels=24 activation=none state=both len=1,2,3,4,5,70 fill=integers seed=3",
          "dtype=fp32 channels=5 width=3 activation=none state=both len=4,0,66 fill=integers",
          // Products near fp16's subnormals, in dtypes that hold them.
          "dtype=bf16 channels=16 state=both len=3,40 fill=tiny seed=5",
          "dtype=fp32 channels=16 activation=none len=3,40 fill=tiny seed=6",
          // Only fp16: the squares of large numbers of the others overflow the fp32 they are
          // summed in.
          "dtype=fp16 channels=16 activation=none state=both len=3,40 fill=large seed=7",
          // NaN and infinity reach the window after them in their own segment, and no other.
          "dtype=bf16 channels=8 activation=none state=both len=8*6 fill=specials seed=8",
          "dtype=fp32 channels=8 state=both len=5,0,30,1,1,20 cap=60 fill=specials seed=9",
      });
  add_strided(all);
  return all;
}

std::vector<std::string> full() {
  std::vector<std::string> all;
  add_each_direction(all, "causal_conv1d",
                     {
                         "len=gsm8k@32768 cap=32768 seed=1",
                         "dtype=fp16 state=both len=gsm8k@32768 cap=32768 seed=2",
                         "dtype=fp32 width=3 len=gsm8k@32768 cap=32768 seed=3",
                         "len=code@32768 cap=32768 seed=1",
                         "dtype=fp32 state=both len=code@32768 cap=32768 seed=2",
                         "channels=60 state=both len=gsm8k@32768 cap=33000 seed=3",
                         "channels=64 state=both len=16384*1 seed=4",
                         "channels=3 len=262144 seed=5",
                         "channels=4096 state=both len=100,0,200 cap=320 seed=6",
                         "channels=16383 activation=none len=3,60 seed=7",
                         // Longer runs a thread than the shortest.
                         "channels=63 state=both len=gsm8k@65536 cap=65600 seed=8",
                         "channels=128 row_stride=384 len=gsm8k@32768 cap=32768 seed=9",
                     });
  return all;
}

std::vector<std::string> nightly() {
  std::vector<std::string> all;
  add_each_direction(all, "causal_conv1d",
                     {
                         // Longer runs of vectors.
                         "dtype=fp32 channels=144 state=both len=gsm8k@65536 cap=65536 seed=9",
                     });
  return all;
}

}  // namespace

CasesByTier causal_conv1d_cases() { return {.quick = quick, .full = full, .nightly = nightly}; }

}  // namespace packproof::cases
