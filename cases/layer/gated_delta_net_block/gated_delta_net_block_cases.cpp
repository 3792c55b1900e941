#include "cases/op_forms.h"

#include <array>

#include "cases/forms/descriptor_lists.h"

namespace packproof::cases {
namespace {

// Both directions of each.
constexpr std::array kQuick = {
    // Worlds; segments shorter than the convolution, boundaries on and off the edges of shards.
    "sp=1 len=5,3,8 seed=1",
    "sp=2 len=5,3,8 seed=1",
    "key_heads=4 sp=4 len=5,3,8 seed=1",
    "dtype=fp16 sp=2 len=3,1,0,2,4 seed=2",
    "dtype=fp32 sp=2 len=1,6,9 seed=3",
    // A segment over three shards; beyond a chunk, whose end lies inside a shard.
    "key_heads=4 sp=4 hidden=40 len=2,19,3 seed=4",
    "sp=2 hidden=48 len=66,30 seed=5",
    "dtype=fp32 key_heads=1 value_heads=2 hidden=72 len=3,67 seed=6",
    // Hidden sizes that are no multiple of a vector or of a tile.
    "key_heads=1 value_heads=1 hidden=33 len=7,4 seed=7",
    // Heads of more than a tile.
    "key_heads=1 value_heads=1 key_dim=128 value_dim=128 len=9,3 seed=8",
    // A token a rank; empty segments.
    "key_heads=4 sp=4 len=0,1,0,2,1,0 seed=9",
    // A shard of nothing but slack, and nothing but slack.
    "sp=2 len=4,3 cap=16 slack=nan seed=10 contract=C8",
    "key_heads=4 sp=4 len=3,7 cap=16 slack=inf seed=11 contract=C8",
    "dtype=fp16 len=5,2 cap=9 slack=huge seed=12 contract=C8",
    "sp=2 len=0,0 cap=4 slack=nan seed=13 contract=C8",
    "fill=specials len=9,70,5 cap=99 seed=13",
    "sp=2 len=0,0 seed=13",
    // Heads or tokens that cannot be shared out are refused, and so is a broken cu_seqlens.
    "key_heads=2 value_heads=4 sp=4 len=5,3 seed=14 contract=C7 expect=refused",
    "sp=2 len=5,4 seed=14 contract=C7 expect=refused",
    "cu_seqlens=0,5,3,8 cap=8 seed=14 contract=C7 expect=refused",
};

constexpr std::array kFull = {
    "hidden=256 key_heads=4 value_heads=8 key_dim=128 value_dim=128 sp=4 len=130,1,0,301,80 seed=1",
    "hidden=128 sp=2 len=gsm8k@2048 cap=2048 seed=2",
    "dtype=fp32 hidden=64 key_heads=8 value_heads=8 sp=8 len=100,28,7,121 seed=3",
};

}  // namespace

CasesByTier gated_delta_net_block_cases() {
  return {.quick = [] { return in_each_direction("gated_delta_net_block", kQuick); },
          .full = [] { return in_each_direction("gated_delta_net_block", kFull); }};
}

}  // namespace packproof::cases
