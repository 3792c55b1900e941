#include "cases/op_forms.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

#include "cases/forms/descriptor_lists.h"
#include "cases/lengths/length_families.h"

namespace packproof::cases {
namespace {

// Decoding brings few tokens a segment: short layouts.
constexpr std::int64_t kChunk = 8;

constexpr std::array kDTypes = {"bf16", "fp16", "fp32"};
constexpr std::array kWidths = {4, 3, 2};
constexpr std::array kActivations = {"silu", "none", "swish"};
constexpr std::array kBiases = {"present", "absent"};
constexpr std::array kChannels = {64, 1, 8, 3, 136, 60};
constexpr std::array kSpares = {0, 0, 1, 3};
constexpr std::array kIndices = {"none", "given", "padded"};

// Every layout under one choice of everything else; the form's test counts pairs.
void add_layouts(std::vector<std::string>& all) {
  const std::size_t layouts = edge_catalogue(4, kChunk).size();
  for (std::size_t i = 0; i < layouts; ++i) {
    const int width = pick(kWidths, i + i / 3);
    all.push_back(fmt::format(
        "causal_conv1d_update dtype={} channels={} width={} activation={} bias={} spare={} "
        "indices={} {} seed={}",
        pick(kDTypes, i / 10), pick(kChannels, i), width, pick(kActivations, i + i / 7),
        pick(kBiases, i / 2), pick(kSpares, i + i / 6), pick(kIndices, i + i / 9),
        edge_catalogue(width, kChunk)[i].descriptor_part(), i + 1));
  }
}

std::vector<std::string> quick() {
  std::vector<std::string> all;
  add_layouts(all);
  for (const char* rest : {
           // Decoding as it is: one token a sequence, states in slots of their own.
           "channels=64 len=16*1 seed=1",
           "channels=128 indices=given len=16*1 seed=2",
           "dtype=fp32 channels=60 indices=padded len=16*1 cap=20 seed=3",
           // Offsets into the state beyond 16 bits.
           "channels=1500 indices=given len=16*1 seed=12",
           "channels=8 len=0,0 seed=4",
           "channels=24 activation=none len=5,3 seed=1 contract=C3",
           "channels=8 activation=swish len=5,3 seed=1 contract=C3",
           "channels=8 activation=gelu len=5,3 seed=1 contract=C3 expect=refused",
           "channels=8 cu_seqlens=0,5,3,8 cap=8 seed=1 contract=C7 expect=refused",
           "channels=8 cu_seqlens=1,5,8 cap=8 seed=1 contract=C7 expect=refused",
           "channels=8 cu_seqlens=0,5,9 cap=8 seed=1 contract=C7 expect=refused",
           "channels=8 cu_seqlens=0,5,-2147483648 cap=8 seed=1 contract=C7 expect=refused",
           // A slot that is not there, and one for two sequences.
           "channels=8 indices=beyond len=1,1,1 seed=1 expect=refused",
           "channels=8 indices=twice len=1,1,1 seed=1 expect=refused",
           "channels=8 len=2,1 cap=9 slack=nan seed=1 contract=C8",
           "channels=3 indices=given len=2,1 cap=9 slack=inf seed=1 contract=C8",
           "channels=8 dtype=fp32 spare=2 len=2,1 cap=9 slack=huge seed=1 contract=C8",
           // C9: only the state in place changes, and of it only the slots that are asked for.
           "channels=8 indices=padded len=2,1,1 seed=1 contract=C9",
           // Exact sums: a wrong tap cannot hide in a tolerance.
           "dtype=fp16 channels=24 activation=none indices=given len=1,2,3,4,5 fill=integers "
           "seed=3",
           "dtype=fp32 channels=5 width=3 activation=none spare=1 len=4,0,6 fill=integers seed=4",
           "dtype=bf16 channels=16 len=3,10 fill=tiny seed=5",
           "dtype=fp16 channels=16 activation=none len=3,10 fill=large seed=7",
           "dtype=fp32 channels=12 width=3 indices=given len=1,0,2,9 seed=11",
           // NaN and infinity, payloads included, move through the state.
           "dtype=bf16 channels=8 activation=none indices=given len=8*2 fill=specials seed=8",
           "dtype=bf16 channels=6 spare=2 len=2,0,7,1,1 seed=10 fill=specials",
           "dtype=fp32 channels=12 spare=4 len=5,0,7,1,1 cap=16 fill=specials seed=9",
       })
    all.push_back(fmt::format("causal_conv1d_update {}", rest));
  return all;
}

std::vector<std::string> full() {
  return {
      "causal_conv1d_update channels=8192 indices=given len=256*1 cap=256 seed=1",
      "causal_conv1d_update channels=2048 indices=padded spare=1 len=64*4 cap=260 seed=2",
      // Not what the op is for, but right all the same.
      "causal_conv1d_update len=gsm8k@32768 cap=32768 seed=3",
      "causal_conv1d_update dtype=fp32 channels=60 indices=given len=code@32768 cap=33000 seed=4",
  };
}

}  // namespace

CasesByTier causal_conv1d_update_cases() { return {.quick = quick, .full = full}; }

}  // namespace packproof::cases
