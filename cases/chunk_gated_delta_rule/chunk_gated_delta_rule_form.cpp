#include "cases/chunk_gated_delta_rule/chunk_gated_delta_rule_form.h"

#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cases/chunk_gated_delta_rule/chunk_gated_delta_rule_cases.h"
#include "cases/chunk_gated_delta_rule/seeded_automodel_2147.h"
#include "cases/chunk_gated_delta_rule/seeded_fla_892.h"
#include "cases/chunk_gated_delta_rule/seeded_flashqla_28.h"
#include "cases/chunk_gated_delta_rule/seeded_twinkle_186_d.h"
#include "cases/packing/boundary_input.h"

namespace packproof::cases {
namespace {

std::vector<FieldSpec> fields() {
  using Kind = FieldSpec::Kind;
  return {
      {.name = "key_heads", .fallback = "1", .help = "heads of q and k", .min = 1, .max = 256},
      {.name = "value_heads",
       .fallback = "1",
       .help =
           "heads of v, a multiple of key_heads: h reads key head h / (value_heads / key_heads)",
       .min = 1,
       .max = 256},
      {.name = "key_dim",
       .kind = Kind::choice,
       .fallback = "64",
       .help = "size of a head of q and k",
       .choices = {"64", "128", "256"}},
      {.name = "value_dim",
       .kind = Kind::choice,
       .fallback = "64",
       .help = "size of a head of v",
       .choices = {"64", "128", "256"}},
      {.name = "l2norm",
       .kind = Kind::choice,
       .fallback = "no",
       .help = "whether the op normalises q and k itself",
       .choices = {"no", "inside"}},
      {.name = "state",
       .kind = Kind::choice,
       .fallback = "none",
       .help = "the state before each segment given, the one behind it returned, or both",
       .choices = {"none", "initial", "final", "both"}},
      {.name = "gates",
       .kind = Kind::choice,
       .fallback = "normal",
       .help = "decay a token: none, to about a half, to 0.99, or to 1e-30 within a chunk",
       .choices = {"normal", "zero", "weak", "strong"}},
      {.name = "betas",
       .kind = Kind::choice,
       .fallback = "fraction",
       .help = "how much of v is written: a fraction, nothing, or all of it",
       .choices = {"fraction", "zero", "one"}},
      {.name = "keys",
       .kind = Kind::choice,
       .fallback = "normal",
       .help = "of length about 1, zero, all equal, or one 1 among zeros",
       .choices = {"normal", "zero", "equal", "onehot"}},
  };
}

// Standard deviations of log decays of one token.
constexpr double kNormalGates = 0.7;
constexpr double kWeakGates = 0.01;
constexpr double kStrongGates = 1.4;  // 64 of them on average: 1e-31

InputSpec gate_input(const Case& c, const Dims& dims) {
  InputSpec gates{.name = "g", .dtype = DType::fp32, .dims = dims, .spread = Spread::negative};
  gates.scale = c.is("gates", "weak")     ? kWeakGates
                : c.is("gates", "strong") ? kStrongGates
                                          : kNormalGates;
  if (c.is("gates", "zero")) gates.values.assign(static_cast<std::size_t>(element_count(dims)), 0);
  return gates;
}

InputSpec beta_input(const Case& c, const Dims& dims) {
  InputSpec betas{.name = "beta", .dtype = DType::fp32, .dims = dims, .spread = Spread::fraction};
  if (!c.is("betas", "fraction"))
    betas.values.assign(static_cast<std::size_t>(element_count(dims)),
                        c.is("betas", "one") ? 1 : 0);
  return betas;
}

// Without l2norm the keys are of length about 1 already: longer ones would make the state explode.
InputSpec key_input(const Case& c, const Dims& dims) {
  const std::int64_t dim = c.integer("key_dim"), heads = c.integer("key_heads");
  InputSpec keys{.name = "k", .dtype = c.dtype, .dims = dims};
  if (c.is("l2norm", "no")) keys.scale = 1 / std::sqrt(static_cast<double>(dim));
  if (c.is("keys", "normal")) return keys;
  keys.values.assign(static_cast<std::size_t>(element_count(dims)), 0);
  if (c.is("keys", "zero")) return keys;
  for (std::int64_t t = 0; t < c.capacity; ++t)
    for (std::int64_t head = 0; head < heads; ++head) {
      const std::int64_t place = c.is("keys", "equal") ? head % dim : (5 * t + head) % dim;
      keys.values[static_cast<std::size_t>((t * heads + head) * dim + place)] = 1;
    }
  return keys;
}

// Sums of small integers: nothing is ever rounded but the output, so the bits are the reference's.
bool is_exact(const Case& c) {
  return c.fill == Fill::integers && c.is("keys", "onehot") && c.is("gates", "zero") &&
         !c.is("betas", "fraction") && c.is("l2norm", "no") && !c.is("key_dim", "128");
}

Signature signature(const Case& c) {
  const std::int64_t key_heads = c.integer("key_heads"), value_heads = c.integer("value_heads");
  if (value_heads % key_heads != 0)
    throw CaseError(
        fmt::format("value_heads={} is not a multiple of key_heads={}", value_heads, key_heads));
  const Dim tokens{Axis::token, c.capacity};
  const Dims keys = {tokens, {Axis::head, key_heads}, {Axis::feature, c.integer("key_dim")}};
  const Dims values = {tokens, {Axis::head, value_heads}, {Axis::feature, c.integer("value_dim")}};
  const Dims gates = {tokens, {Axis::head, value_heads}};
  const Dims states = {{Axis::segment, c.segments()},
                       {Axis::head, value_heads},
                       {Axis::feature, c.integer("key_dim")},
                       {Axis::feature, c.integer("value_dim")}};
  const bool has_initial = c.is("state", "initial") || c.is("state", "both");
  const bool has_final = c.is("state", "final") || c.is("state", "both");
  const Judged judged = is_exact(c) ? Judged::bits : Judged::tolerance;

  Signature s;
  s.inputs = {{.name = "q", .dtype = c.dtype, .dims = keys},
              key_input(c, keys),
              {.name = "v", .dtype = c.dtype, .dims = values},
              gate_input(c, gates),
              beta_input(c, gates),
              cu_seqlens_input(c)};
  if (has_initial)
    s.inputs.push_back({.name = "initial_state", .dtype = DType::fp32, .dims = states});
  const auto output = [&](const char* name, DType dtype, const Dims& dims, Role role) {
    s.outputs.push_back({.name = name,
                         .dtype = dtype,
                         .dims = dims,
                         .judged = judged,
                         .slack = dims[0].axis == Axis::token ? Slack::zero : Slack::none,
                         .role = role,
                         .bound = ElementBound::none});
  };
  if (c.direction == Direction::fwd) {
    output("o", c.dtype, values, Role::value);
    if (has_final) output("final_state", DType::fp32, states, Role::state);
    return s;
  }
  s.inputs.push_back({.name = "do", .dtype = c.dtype, .dims = values});
  if (has_final) s.inputs.push_back({.name = "dfinal_state", .dtype = DType::fp32, .dims = states});
  output("dq", c.dtype, keys, Role::gradient);
  output("dk", c.dtype, keys, Role::gradient);
  output("dv", c.dtype, values, Role::gradient);
  output("dg", DType::fp32, gates, Role::gradient);
  output("dbeta", DType::fp32, gates, Role::gradient);
  if (has_initial) output("dinitial_state", DType::fp32, states, Role::gradient);
  return s;
}

}  // namespace

OpForm chunk_gated_delta_rule_form() {
  return {
      .name = "chunk_gated_delta_rule",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = fields(),
      .contracts = {"C2", "C7", "C8", "C9"},
      .signature = signature,
      .descriptors = chunk_gated_delta_rule_descriptors,
      .seeded_bugs = {seeded_automodel_2147(), seeded_fla_892(), seeded_flashqla_28(),
                      seeded_twinkle_186_d()},
  };
}

}  // namespace packproof::cases
