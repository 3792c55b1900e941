#include "cases/op_forms.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "cases/delta_rule/chunk_gated_delta_rule/delta_rule_path_cases.h"
#include "cases/forms/descriptor_lists.h"
#include "cases/lengths/length_families.h"

namespace packproof::cases {
namespace {

constexpr std::int64_t kChunk = 64;

constexpr std::array kDTypes = {"bf16", "fp16", "fp32"};
constexpr std::array kHeads = {"key_heads=1 value_heads=1", "key_heads=1 value_heads=2",
                               "key_heads=2 value_heads=2"};
constexpr std::array kStates = {"both", "none", "initial", "final"};
constexpr std::array kNorms = {"inside", "no"};
constexpr std::array kGates = {"normal", "weak", "strong"};
// Only layouts of few tokens in few segments get the wide heads: the executor takes its time.
constexpr std::array kDims = {"key_dim=64 value_dim=64", "key_dim=128 value_dim=64",
                              "key_dim=64 value_dim=128", "key_dim=128 value_dim=128"};
constexpr std::int64_t kFewTokens = 100, kFewestTokens = 20;
constexpr std::size_t kFewSegments = 8;

std::string layout_case(const char* direction, std::size_t i, const EdgeLayout& layout) {
  std::int64_t tokens = 0;
  for (const std::int64_t length : layout.lengths) tokens += length;
  // Of so few tokens none may have a limit too wide to be trusted, as strong gates in bf16 make it.
  const char* gates = tokens <= kFewestTokens ? "weak" : pick(kGates, i / 5);
  const bool few = tokens <= kFewTokens && layout.lengths.size() <= kFewSegments;
  return fmt::format(
      "chunk_gated_delta_rule:{} dtype={} {} {} l2norm={} state={} gates={} {} seed={}", direction,
      pick(kDTypes, i), few ? pick(kHeads, i / 2) : kHeads[0], few ? pick(kDims, i / 3) : kDims[0],
      pick(kNorms, i / 3), pick(kStates, i / 2), gates, layout.descriptor_part(), i + 1);
}

// Every layout in both directions; the backward pass sees a layout under another choice.
void add_layouts(std::vector<std::string>& all) {
  constexpr std::size_t kTurn = 7;
  const std::vector<EdgeLayout> layouts = edge_catalogue(4, kChunk);
  for (std::size_t i = 0; i < layouts.size(); ++i) all.push_back(layout_case("fwd", i, layouts[i]));
  for (std::size_t i = 0; i < layouts.size(); ++i)
    all.push_back(layout_case("bwd", i + kTurn, layouts[i]));
}

std::vector<std::string> quick() {
  std::vector<std::string> all;
  add_layouts(all);
  add_each_direction(all, "chunk_gated_delta_rule",
                     {
                         "state=both len=0,0 seed=2",
                         // C2: the same return type whatever is asked for.
                         "state=none len=5,3 seed=1 contract=C2",
                         "state=final len=5,3 seed=1 contract=C2",
                         "state=both len=5,0,3 seed=1 contract=C2",
                         "cu_seqlens=0,5,3,8 cap=8 seed=1 contract=C7 expect=refused",
                         "cu_seqlens=1,5,8 cap=8 seed=1 contract=C7 expect=refused",
                         "cu_seqlens=0,5,9 cap=8 seed=1 contract=C7 expect=refused",
                         // C8: whatever slack holds stays there.
                         "state=both len=9,70 cap=100 slack=nan seed=1 contract=C8",
                         "state=both len=9,70 cap=200 slack=inf seed=1 contract=C8",
                         "dtype=fp16 l2norm=inside len=9,2 cap=31 slack=huge seed=1 contract=C8",
                         "dtype=fp32 len=9,2 cap=31 slack=zero seed=1 contract=C8",
                         // NaN and infinities of a neighbour, within its chunk and beyond it.
                         "state=both fill=specials len=70,9,3,66 cap=160 seed=2",
                         "dtype=fp32 fill=specials len=1,2,65,1,0,5 slack=inf seed=2",
                         // Gates and betas at their ends, and keys that meet again.
                         "gates=strong state=both len=130,3 seed=3",
                         // Growth is legal: a chunk must not count on exp(g) <= 1.
                         "gates=signed state=both len=6,6,5 seed=3",
                         "dtype=fp16 gates=signed l2norm=inside len=17,9 seed=3",
                         "dtype=fp32 gates=signed l2norm=inside state=both len=70,3 seed=3",
                         "gates=zero l2norm=inside len=70,65 seed=3",
                         "dtype=fp32 gates=zero betas=one keys=equal state=both len=66,5 seed=3",
                         "betas=zero state=both len=66,5 seed=3",
                         "betas=one l2norm=inside gates=weak len=100 seed=3",
                         "keys=zero state=both len=66,5 seed=3",
                         "keys=zero l2norm=inside len=20,5 seed=3",
                         "dtype=fp16 keys=equal l2norm=inside gates=weak len=66,5 seed=3",
                         // Wide heads, of unequal size, and many value heads on one key head.
                         "key_dim=256 value_dim=64 len=70,3 seed=4",
                         "key_dim=64 value_dim=256 l2norm=inside state=both len=70,3 seed=4",
                         "key_dim=256 value_dim=256 state=both len=5,9 seed=4",
                         "key_heads=2 value_heads=8 l2norm=inside len=5,66,1 seed=4",
                     });
  // Long enough to be split into runs: two, and three, of which one is in the middle.
  for (const char* rest :
       {"fwd dtype=bf16 l2norm=inside state=both len=70,4163,2100 seed=6",
        "fwd fill=integers gates=zero keys=onehot betas=one len=4163,2100 seed=6",
        "bwd dtype=bf16 l2norm=inside state=both gates=weak len=3,4163 seed=6"})
    all.push_back(fmt::format("chunk_gated_delta_rule:{}", rest));
  // Nothing is rounded but the output: bit for bit the reference.
  for (const char* dtype : kDTypes)
    for (const char* rest :
         {"betas=one len=130,1,64,40", "betas=one key_dim=256 key_heads=1 value_heads=2 len=70,5",
          "betas=zero state=both len=66,5"})
      all.push_back(
          fmt::format("chunk_gated_delta_rule:fwd dtype={} fill=integers gates=zero "
                      "keys=onehot {} seed=5",
                      dtype, rest));
  return all;
}

std::vector<std::string> full() {
  std::vector<std::string> all;
  add_each_direction(all, "chunk_gated_delta_rule",
                     {
                         "l2norm=inside len=gsm8k@32768 cap=32768 seed=1",
                         "l2norm=inside state=both len=code@32768 cap=32768 seed=2",
                         "key_heads=2 value_heads=4 key_dim=128 value_dim=128 l2norm=inside "
                         "state=both len=3000,17,500 seed=3",
                         "dtype=fp16 gates=weak l2norm=inside len=8192 seed=4",
                         "state=both len=400*1 seed=5",
                     });
  return all;
}

std::vector<std::string> both(std::vector<std::string> all, std::vector<std::string> more) {
  append(all, std::move(more));
  return all;
}

}  // namespace

CasesByTier chunk_gated_delta_rule_cases() {
  return {.quick = [] { return both(quick(), delta_rule_path_cases().quick()); },
          .full = [] { return both(full(), delta_rule_path_cases().full()); }};
}

}  // namespace packproof::cases
