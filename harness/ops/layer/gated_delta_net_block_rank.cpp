// What both directions of gated_delta_net_block share: sizes, the exchange, the ops' inputs.
#include "harness/ops/layer/gated_delta_net_block_rank.h"

#include <string_view>

#include <fmt/format.h>

#include "kernels/launch/cu_seqlens_check.h"
#include "kernels/sp/head_to_seq/head_to_seq_kernel.h"
#include "kernels/sp/seq_to_head/seq_to_head_kernel.h"

namespace packproof::harness {
namespace {

constexpr float kNormEpsilon = 1e-6f;

std::int32_t narrow(std::int64_t value) { return static_cast<std::int32_t>(value); }

void check_heads(std::string_view which, std::int64_t heads, std::int64_t world) {
  if (heads % world != 0)
    throw Refusal(fmt::format(
        "{} {} heads over {} sequence-parallel ranks: each must get as many; use a number of ranks "
        "that divides them",
        heads, which, world));
}

}  // namespace

std::int64_t BlockSizes::width(BlockPart part) const {
  switch (part) {
    case BlockPart::q:
    case BlockPart::k:
      return key_heads * key_dim;
    case BlockPart::v:
    case BlockPart::z:
      return values();
    case BlockPart::b:
    case BlockPart::a:
      break;
  }
  return value_heads;
}

std::int64_t BlockSizes::channel(BlockPart part) const {
  return static_cast<std::int64_t>(part) * key_heads * key_dim;
}

BlockSizes checked_block_sizes(const DeviceCall& call) {
  const Case& c = *call.host.the_case;
  const Tensor& hidden = call.host.input("hidden");
  const std::int64_t world = c.integer("sp");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), hidden.size(0));
  check_heads("key", c.integer("key_heads"), world);
  check_heads("value", c.integer("value_heads"), world);
  if (hidden.size(0) % world != 0)
    throw Refusal(
        fmt::format("{} tokens over {} sequence-parallel ranks: each must get as many; pad them to "
                    "a multiple of the ranks first (sp_pad)",
                    hidden.size(0), world));
  return {.dtype = hidden.dtype,
          .world = narrow(world),
          .segments = narrow(call.host.input("cu_seqlens").size(0) - 1),
          .tokens = hidden.size(0),
          .hidden = hidden.size(1),
          .key_heads = c.integer("key_heads"),
          .value_heads = c.integer("value_heads"),
          .key_dim = c.integer("key_dim"),
          .value_dim = c.integer("value_dim")};
}

void* BlockRank::to_heads(const void* by_sequence, std::int64_t width) const {
  const std::int64_t tokens = sizes_.own_tokens(), shard = width / sizes_.world;
  void* blocks = elements(tokens * width);
  void* by_heads = elements(tokens * width);
  PACKPROOF_LAUNCHER(call_.target, seq_to_head)
  ({.x = by_sequence,
    .blocks = blocks,
    .tokens = tokens,
    .world = sizes_.world,
    .shard_bytes = shard * element_bytes()},
   rank_.stream);
  rank_.all_to_all(blocks, by_heads, static_cast<std::size_t>(tokens * shard * element_bytes()));
  return by_heads;
}

void* BlockRank::to_sequence(const void* by_heads, std::int64_t width) const {
  const std::int64_t tokens = sizes_.own_tokens(), shard = width / sizes_.world;
  void* blocks = elements(tokens * width);
  void* by_sequence = elements(tokens * width);
  rank_.all_to_all(by_heads, blocks, static_cast<std::size_t>(tokens * shard * element_bytes()));
  PACKPROOF_LAUNCHER(call_.target, head_to_seq)
  ({.blocks = blocks,
    .y = by_sequence,
    .tokens = tokens,
    .world = sizes_.world,
    .shard_bytes = shard * element_bytes()},
   rank_.stream);
  return by_sequence;
}

void* BlockRank::weight(BlockPart part) const {
  switch (part) {
    case BlockPart::z:
      return input("z_weight");
    case BlockPart::b:
      return input("b_weight");
    case BlockPart::a:
      return input("a_weight");
    default:
      return at_element(input("qkv_weight"), sizes_.channel(part) * sizes_.hidden);
  }
}

std::byte* BlockRank::own_copy(std::string_view name) const {
  const Tensor& tensor = call_.device.output(TensorName(name));
  return tensor.as<std::byte>() + tensor.bytes() / static_cast<std::size_t>(sizes_.world) *
                                      static_cast<std::size_t>(rank_.rank());
}

CausalConv1dInputs BlockRank::conv_inputs(const BlockActivations& at, BlockPart part) const {
  const Tensor& taps = call_.device.input("conv_weight");
  const std::int64_t first = sizes_.channel(part) + rank_.rank() * share(part);
  return {.dtype = sizes_.dtype,
          .total_tokens = sizes_.tokens,
          .channels = narrow(share(part)),
          .width = narrow(taps.size(1)),
          .activation = ConvActivation::silu,
          .segments = sizes_.segments,
          .cu_seqlens = boundaries(),
          .x = at.projected[part],
          .x_row_stride = share(part),
          .weight = at_element(taps.data, first * taps.size(1)),
          .bias = nullptr,
          .initial_state = nullptr};
}

GdnGatingInputs BlockRank::gating_inputs(const BlockActivations& at) const {
  const std::int64_t heads = share(BlockPart::a), first = rank_.rank() * heads;
  return {.dtype = sizes_.dtype,
          .total_tokens = sizes_.tokens,
          .heads = narrow(heads),
          .segments = sizes_.segments,
          .cu_seqlens = boundaries(),
          .a = at.projected[BlockPart::a],
          .b = at.projected[BlockPart::b],
          .A_log = static_cast<const float*>(input("A_log")) + first,
          .dt_bias = static_cast<const float*>(input("dt_bias")) + first};
}

GatedDeltaRuleInputs BlockRank::delta_rule_inputs(const BlockActivations& at) const {
  // A second cu_seqlens is no input of the op: only a seeded bug gives one.
  const char* cu_seqlens =
      call_.device.has_input("delta_rule_cu_seqlens") ? "delta_rule_cu_seqlens" : "cu_seqlens";
  return {.dtype = sizes_.dtype,
          .total_tokens = sizes_.tokens,
          .segments = sizes_.segments,
          .key_heads = narrow(sizes_.key_heads / sizes_.world),
          .value_heads = narrow(sizes_.value_heads / sizes_.world),
          .key_dim = narrow(sizes_.key_dim),
          .value_dim = narrow(sizes_.value_dim),
          .norm = KeyNorm::l2,
          .cu_seqlens = call_.device.input(TensorName(cu_seqlens)).as<const std::int32_t>(),
          .q = at.convolved[BlockPart::q],
          .k = at.convolved[BlockPart::k],
          .v = at.convolved[BlockPart::v],
          .g = at.g,
          .beta = at.beta,
          .initial_state = nullptr};
}

RmsNormGatedInputs BlockRank::norm_inputs(const BlockActivations& at) const {
  return {.dtype = sizes_.dtype,
          .total_tokens = sizes_.tokens,
          .heads = narrow(sizes_.value_heads / sizes_.world),
          .dim = narrow(sizes_.value_dim),
          .eps = kNormEpsilon,
          .segments = sizes_.segments,
          .cu_seqlens = boundaries(),
          .x = at.o,
          .z = at.projected[BlockPart::z],
          .weight = input("norm_weight")};
}

}  // namespace packproof::harness
