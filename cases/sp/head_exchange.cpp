#include "cases/sp/head_exchange.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/forms/descriptor_lists.h"

namespace packproof {
namespace {

constexpr std::array kQuick = {
    // Worlds, and boundaries on and off the edges of shards.
    "heads=4 sp=1 len=5,3 seed=1",
    "heads=4 sp=2 len=5,3 seed=1",
    "heads=4 sp=4 len=5,3 seed=1",
    "heads=8 sp=8 len=8,8 seed=1",
    "heads=8 sp=4 dim=128 len=16,0,16,1,31 seed=2",
    // A segment over three shards, and a shard of nothing but slack.
    "heads=4 sp=4 dim=16 len=2,19 cap=28 seed=2",
    "heads=4 sp=4 dim=16 len=9 cap=12 slack=inf seed=2 contract=C8",
    "heads=4 sp=4 len=2*0 cap=8 seed=2 contract=C8",
    // A token a rank; fewer segments and more segments than ranks.
    "heads=4 sp=4 len=4*1 seed=3",
    "heads=2 sp=2 dim=1 len=1,1 seed=3",
    "heads=8 sp=8 dim=8 len=40*1 seed=3",
    "heads=4 sp=4 len=0,0 seed=3",
    // Pieces of 16, 8, 4 and 2 bytes, and beyond one block of copies.
    "heads=6 sp=2 dim=8 len=7,5 seed=4",
    "heads=6 sp=2 dim=4 dtype=fp16 len=7,5 seed=4",
    "heads=6 sp=2 dim=3 dtype=fp32 len=7,5 seed=4",
    "heads=3 sp=1 dim=3 len=7,5 seed=4",
    "heads=2 sp=2 dim=5 len=7,5 seed=4",
    "heads=32 sp=4 dim=128 len=33,3 seed=4",
    "heads=2 sp=2 dim=64 dtype=fp32 len=1000,24 seed=4",
    // Heads fewer than ranks: two groups of two, four of two, and one rank a group.
    "heads=2 sp=2 ring=2 len=5,3 seed=7",
    "heads=6 sp=2 ring=4 dim=16 len=3,0,21 seed=7",
    "heads=3 sp=1 ring=4 len=9,3 cap=16 seed=7",
    "heads=4 sp=4 ring=2 dim=16 len=40 fill=specials seed=7",
    // Rows that are cut alike.
    "heads=4 sp=2 batch=3 len=5,3 seed=8",
    "heads=4 sp=4 batch=2 dim=16 len=1,14,1 dtype=fp32 seed=8",
    "heads=2 sp=2 ring=2 batch=3 dim=5 len=7,5 seed=8",
    "heads=2 sp=1 batch=4 len=3 seed=8",
    // Any bits move as they are.
    "heads=4 sp=2 fill=specials len=9,7 seed=5",
    "heads=4 sp=4 dtype=fp32 fill=specials len=9,7 seed=5",
    // Heads or tokens that cannot be shared out are refused, not dropped.
    "heads=6 sp=4 len=5,3 seed=6 contract=C7 expect=refused",
    "heads=2 sp=4 len=5,3 seed=6 contract=C7 expect=refused",
    "heads=4 sp=4 len=5,2 seed=6 contract=C7 expect=refused",
    "heads=4 sp=2 ring=2 len=5,1 seed=6 contract=C7 expect=refused",
};

constexpr std::array kFull = {
    "heads=32 sp=8 dim=128 len=gsm8k@32768 cap=32768 seed=1",
    "heads=16 sp=4 dim=128 len=code@32768 cap=32768 seed=1",
    "heads=2 sp=2 dim=1 len=131072 seed=1",
};

std::vector<FieldSpec> head_exchange_fields() {
  return {{.name = "heads",
           .fallback = "4",
           .help = "heads of all ranks together",
           .min = 1,
           .max = 256},
          {.name = "dim", .fallback = "32", .help = "elements of a head", .min = 1, .max = 1024},
          {.name = "sp",
           .fallback = "2",
           .help = "ranks that share the heads out",
           .min = 1,
           .max = 64},
          {.name = "ring",
           .fallback = "1",
           .help = "groups of sp ranks, each with a run of the tokens",
           .min = 1,
           .max = 64},
          {.name = "batch",
           .fallback = "1",
           .help = "rows of tokens, each cut into one run a rank",
           .min = 1,
           .max = 64}};
}

// Rounded up for what cannot be shared out, whose case must be refused.
std::string head_exchange_refusal(const Case& c, const Signature&) {
  const std::int64_t sp = c.integer("sp"), ranks = sp * c.integer("ring");
  if (c.integer("heads") % sp != 0)
    return fmt::format("{} heads over sp={}", c.integer("heads"), sp);
  if (c.capacity % ranks != 0) return fmt::format("{} tokens over {} ranks", c.capacity, ranks);
  return {};
}

}  // namespace

Dims dims_by_sequence(const Case& c) {
  const std::int64_t ranks = c.integer("sp") * c.integer("ring");
  if (c.integer("batch") == 1)
    return {{Axis::token, c.capacity},
            {Axis::head, c.integer("heads")},
            {Axis::feature, c.integer("dim")}};
  return {{Axis::rank, ranks},
          {Axis::batch, c.integer("batch")},
          {Axis::position, (c.capacity + ranks - 1) / ranks},
          {Axis::head, c.integer("heads")},
          {Axis::feature, c.integer("dim")}};
}

Dims dims_by_heads(const Case& c) {
  if (c.raw_cu_seqlens) throw CaseError(c.op + " takes no cu_seqlens: use len and cap");
  const std::int64_t sp = c.integer("sp"), ring = c.integer("ring");
  return {{Axis::rank, sp * ring},
          {Axis::batch, c.integer("batch")},
          {Axis::position, (c.capacity + ring - 1) / ring},
          {Axis::head, (c.integer("heads") + sp - 1) / sp},
          {Axis::feature, c.integer("dim")}};
}

Signature head_exchange_signature(const Case& c, Dims from, Dims to) {
  if (c.direction == Direction::fwd)
    return {.inputs = {{.name = "x", .dtype = c.dtype, .dims = std::move(from)}},
            .outputs = {{.name = "y", .dtype = c.dtype, .dims = std::move(to)}}};
  return {.inputs = {{.name = "dy", .dtype = c.dtype, .dims = std::move(to)}},
          .outputs = {
              {.name = "dx", .dtype = c.dtype, .dims = std::move(from), .role = Role::gradient}}};
}

std::vector<std::string> quick_head_exchanges(std::string_view op) {
  return cases::in_each_direction(op, kQuick);
}

std::vector<std::string> full_head_exchanges(std::string_view op) {
  return cases::in_each_direction(op, kFull);
}

OpForm head_exchange_form() {
  return {
      .name = {},
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = head_exchange_fields(),
      .ranks = [](const Case& c) { return c.integer("sp") * c.integer("ring"); },
      .contracts = {"C7", "C8", "C9"},
      .signature = nullptr,
      .descriptors = {},
      .refusal = head_exchange_refusal,
  };
}

}  // namespace packproof
