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
constexpr std::int64_t kChunk = 4;

constexpr std::array kDTypes = {"bf16", "fp16", "fp32"};
constexpr std::array kNorms = {"inside", "no"};
constexpr std::array kGates = {"normal", "weak", "strong", "zero"};
constexpr std::array kIndices = {"none", "given", "padded"};
// Only layouts of few segments get more heads and wider ones: each has a state.
constexpr std::array kHeads = {"key_heads=1 value_heads=1", "key_heads=1 value_heads=2",
                               "key_heads=2 value_heads=2"};
constexpr std::array kDims = {"key_dim=64 value_dim=64", "key_dim=128 value_dim=64",
                              "key_dim=64 value_dim=128", "key_dim=128 value_dim=128"};
constexpr std::size_t kFewSegments = 4;

// Every layout under one choice of everything else.
void add_layouts(std::vector<std::string>& all) {
  const std::vector<EdgeLayout> layouts = edge_catalogue(4, kChunk);
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const bool few = layouts[i].lengths.size() <= kFewSegments;
    all.push_back(fmt::format(
        "fused_recurrent_gated_delta_rule dtype={} {} {} l2norm={} gates={} indices={} {} seed={}",
        pick(kDTypes, i), few ? pick(kHeads, i / 2) : kHeads[0],
        few ? pick(kDims, i / 3) : kDims[0], pick(kNorms, i / 2), pick(kGates, i / 5),
        pick(kIndices, i + i / 9), layouts[i].descriptor_part(), i + 1));
  }
}

std::vector<std::string> quick() {
  std::vector<std::string> all;
  add_layouts(all);
  for (const char* rest : {
           // Decoding as it is: one token a sequence, states in slots of their own.
           "l2norm=inside len=16*1 seed=1",
           "l2norm=inside indices=given len=16*1 seed=2",
           "dtype=fp32 indices=padded len=16*1 cap=20 seed=3",
           "key_heads=2 value_heads=4 key_dim=128 value_dim=128 l2norm=inside indices=given "
           "len=1,1 "
           "seed=4",
           // Several tokens a sequence, as when drafts are verified.
           "l2norm=inside indices=padded len=4,4,4,4 seed=5",
           "indices=given len=1,0,3,0,0,2 seed=6",
           "len=0,0 seed=7",
           // Wide heads, of unequal size, and many value heads on one key head.
           "key_dim=256 value_dim=64 len=3,1 seed=8",
           "dtype=fp16 key_dim=64 value_dim=256 l2norm=inside len=3,1 seed=8",
           "dtype=fp32 key_dim=256 value_dim=128 indices=padded len=2,1,1 seed=8",
           "key_dim=256 value_dim=256 l2norm=inside len=2,1 seed=8",
           "key_heads=2 value_heads=8 l2norm=inside len=2,1 seed=8",
           "cu_seqlens=0,5,3,8 cap=8 seed=1 contract=C7 expect=refused",
           "cu_seqlens=1,5,8 cap=8 seed=1 contract=C7 expect=refused",
           "cu_seqlens=0,5,9 cap=8 seed=1 contract=C7 expect=refused",
           "cu_seqlens=0,5,-2147483648 cap=8 seed=1 contract=C7 expect=refused",
           // A slot that is not there, and one for two sequences.
           "indices=beyond len=1,1,1 seed=1 expect=refused",
           "indices=twice len=1,1,1 seed=1 expect=refused",
           // C8: whatever slack holds stays there.
           "l2norm=inside len=2,1 cap=9 slack=nan seed=1 contract=C8",
           "dtype=fp16 indices=given len=2,1 cap=200 slack=inf seed=1 contract=C8",
           "dtype=fp32 l2norm=inside len=2,1 cap=9 slack=huge seed=1 contract=C8",
           "key_heads=1 value_heads=3 len=2,1 cap=9 slack=zero seed=1 contract=C8",
           // C9: only the state in place changes, and of it only the slots that are asked for.
           "indices=padded len=2,1,1 seed=1 contract=C9",
           // Gates and betas at their ends, and keys that meet again.
           "gates=strong len=40,3 seed=9",
           "gates=steep indices=given len=40,3 seed=9",
           "gates=signed l2norm=inside indices=given len=9,5 seed=9",
           "dtype=fp32 gates=signed len=17,1 seed=9",
           "dtype=fp32 gates=zero betas=one keys=equal len=9,5 seed=9",
           "betas=zero gates=weak indices=given len=9,5 seed=9",
           "betas=one l2norm=inside gates=weak len=9,5 seed=9",
           "keys=zero len=9,5 seed=9",
           "keys=zero l2norm=inside gates=zero len=9,5 seed=9",
           "dtype=fp16 keys=equal l2norm=inside gates=weak len=9,5 seed=9",
           // So short that the epsilon under the root counts.
           "dtype=fp16 l2norm=inside len=3,1 fill=tiny seed=9",
           "dtype=fp32 l2norm=inside len=3,1 fill=tiny seed=9",
           "keys=tiny gates=weak l2norm=inside len=9,5 seed=9",
           "keys=tiny gates=weak len=9,5 seed=9",
       })
    all.push_back(fmt::format("fused_recurrent_gated_delta_rule {}", rest));
  // Nothing is rounded but the output: bit for bit the reference.
  for (const char* dtype : kDTypes)
    for (const char* rest :
         {"betas=one indices=given len=13,1,6,40",
          "betas=one key_dim=256 key_heads=1 value_heads=2 indices=padded len=7,5,1",
          "betas=zero key_heads=2 value_heads=2 value_dim=128 len=6,5"})
      all.push_back(
          fmt::format("fused_recurrent_gated_delta_rule dtype={} fill=integers gates=zero "
                      "keys=onehot {} seed=10",
                      dtype, rest));
  return all;
}

std::vector<std::string> full() {
  return {
      "fused_recurrent_gated_delta_rule key_heads=2 value_heads=4 key_dim=128 value_dim=128 "
      "l2norm=inside indices=given len=256*1 seed=1",
      "fused_recurrent_gated_delta_rule gates=weak l2norm=inside len=1000 seed=2",
      // Not what the op is for, but right all the same.
      "fused_recurrent_gated_delta_rule l2norm=inside indices=padded len=gsm8k@4096 cap=4100 "
      "seed=3",
  };
}

}  // namespace

CasesByTier fused_recurrent_gated_delta_rule_cases() { return {.quick = quick, .full = full}; }

}  // namespace packproof::cases
