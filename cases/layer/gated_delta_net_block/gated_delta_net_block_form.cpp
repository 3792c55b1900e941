// gated_delta_net_block: the whole linear-attention layer of Qwen3-Next and Qwen3.5.
#include "cases/op_forms.h"

#include <cmath>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/forms/boundary_input.h"
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

constexpr std::int64_t kConvWidth = 4;

std::vector<FieldSpec> fields() {
  using Kind = FieldSpec::Kind;
  return {
      // A token of one number says little of all that lies behind it: of 28 random cases of such
      // tokens plain runs came close by luck in 2, where right ones failed, and cancelled in 1.
      {.name = "hidden", .fallback = "32", .help = "features of a token", .min = 16, .max = 8192},
      {.name = "key_heads",
       .fallback = "2",
       .help = "heads of q and k of all ranks together",
       .min = 1,
       .max = 64},
      {.name = "value_heads",
       .fallback = "4",
       .help = "heads of v and z of all ranks together, a multiple of key_heads",
       .min = 1,
       .max = 128},
      {.name = "key_dim",
       .kind = Kind::choice,
       .fallback = "64",
       .help = "size of a head of q and k",
       .choices = {"64", "128"}},
      {.name = "value_dim",
       .kind = Kind::choice,
       .fallback = "64",
       .help = "size of a head of v and z",
       .choices = {"64", "128"}},
      {.name = "sp", .fallback = "1", .help = "sequence-parallel ranks", .min = 1, .max = 64},
  };
}

// Several products lie one behind the other: 16 bits hold neither those of tiny numbers (of which
// the norms add to their eps) nor, in fp16, those of integers.
void check_products(const Case& c) {
  if (c.fill == Fill::tiny && c.dtype != DType::fp32)
    throw CaseError(
        "fill=tiny makes products of products that 16 bits do not hold; give dtype=fp32 or another "
        "fill");
  if (c.fill == Fill::tiny && c.direction == Direction::bwd)
    throw CaseError(
        "fill=tiny makes gradients of gates that are below the smallest number of fp32, and so are "
        "the terms of the others; give another fill");
  if (c.fill == Fill::integers && c.direction == Direction::bwd && c.dtype != DType::fp32)
    throw CaseError(
        "fill=integers shuts gates so far that a few tokens hold the whole gradient and its error, "
        "however large in 16 bits; give dtype=fp32 or another fill");
  if (c.fill == Fill::integers && c.dtype == DType::fp16)
    throw CaseError(
        "fill=integers makes products of products that are beyond fp16; give dtype=bf16, "
        "dtype=fp32 or another fill");
}

Signature signature(const Case& c) {
  check_products(c);
  const std::int64_t key_heads = c.integer("key_heads"), value_heads = c.integer("value_heads");
  if (value_heads % key_heads != 0)
    throw CaseError(
        fmt::format("value_heads={} is not a multiple of key_heads={}", value_heads, key_heads));
  const std::int64_t keys = key_heads * c.integer("key_dim");
  const std::int64_t values = value_heads * c.integer("value_dim");
  const auto features = [](std::int64_t size) { return Dim{Axis::feature, size}; };
  const Dim hidden = features(c.integer("hidden")), heads{Axis::head, value_heads};
  const Dims rows = {{Axis::token, c.capacity}, hidden};
  const auto scale_for = [](std::int64_t in) { return 1 / std::sqrt(static_cast<double>(in)); };

  const double in = scale_for(hidden.size);
  const std::vector<InputSpec> weights = {
      {.name = "qkv_weight",
       .dtype = c.dtype,
       .dims = {features(2 * keys + values), hidden},
       .scale = in},
      {.name = "z_weight", .dtype = c.dtype, .dims = {features(values), hidden}, .scale = in},
      {.name = "b_weight", .dtype = c.dtype, .dims = {heads, hidden}, .scale = in},
      {.name = "a_weight", .dtype = c.dtype, .dims = {heads, hidden}, .scale = in},
      {.name = "conv_weight",
       .dtype = c.dtype,
       .dims = {features(2 * keys + values), {Axis::tap, kConvWidth}},
       .scale = 0.5},
      {.name = "A_log", .dtype = DType::fp32, .dims = {heads}, .scale = 0.5},
      {.name = "dt_bias", .dtype = DType::fp32, .dims = {heads}},
      {.name = "norm_weight", .dtype = c.dtype, .dims = {features(c.integer("value_dim"))}},
      {.name = "out_weight",
       .dtype = c.dtype,
       .dims = {hidden, features(values)},
       .scale = scale_for(values)},
  };
  Signature s;
  s.inputs = {{.name = "hidden", .dtype = c.dtype, .dims = rows}};
  s.inputs.insert(s.inputs.end(), weights.begin(), weights.end());
  s.inputs.push_back(cu_seqlens_input(c));

  const auto output = [&](std::string name, DType dtype, Dims dims, Role role) {
    const Slack slack = dims[0].axis == Axis::token ? Slack::zero : Slack::none;
    s.outputs.push_back({.name = std::move(name),
                         .dtype = dtype,
                         .dims = std::move(dims),
                         .judged = Judged::tolerance,
                         .slack = slack,
                         .role = role,
                         .bound = ElementBound::none});
  };
  if (c.direction == Direction::fwd) {
    output("y", c.dtype, rows, Role::value);
    return s;
  }
  s.inputs.push_back({.name = "dy", .dtype = c.dtype, .dims = rows});
  output("dhidden", c.dtype, rows, Role::gradient);
  for (const InputSpec& weight : weights) {
    Dims copies = {{Axis::rank, c.integer("sp")}};
    copies.insert(copies.end(), weight.dims.begin(), weight.dims.end());
    output("d" + weight.name, weight.dtype, copies, Role::gradient);
  }
  return s;
}

std::string refusal(const Case& c, const Signature&) {
  const std::int64_t world = c.integer("sp");
  for (const char* heads : {"key_heads", "value_heads"})
    if (c.integer(FieldName(heads)) % world != 0)
      return fmt::format("{}={} over sp={}", heads, c.integer(FieldName(heads)), world);
  return c.capacity % world == 0 ? "" : fmt::format("{} tokens over sp={}", c.capacity, world);
}

}  // namespace

OpForm gated_delta_net_block_form() {
  return {
      .name = "gated_delta_net_block",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = fields(),
      .ranks = [](const Case& c) { return c.integer("sp"); },
      .reach = Reach::segment,
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = gated_delta_net_block_cases(),
      .refusal = refusal,
      .seeded_bugs = {seeded_slime_1686()},
  };
}

}  // namespace packproof::cases
