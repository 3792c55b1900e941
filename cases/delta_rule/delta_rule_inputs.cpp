#include "cases/delta_rule/delta_rule_inputs.h"

#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/forms/boundary_input.h"

namespace packproof {
namespace {

// Standard deviations of log decays of one token.
constexpr double kNormalGates = 0.7;
constexpr double kWeakGates = 0.01;
constexpr double kStrongGates = 1.4;  // 64 of them on average: 1e-31
constexpr double kSteepGates = 4;     // to -10 a token and -200 a chunk: beyond the range of fp32
// To e^3 within a chunk. Growth to e^11 (0.7 a token) is no case: what equal keys forget comes back
// rounded and so many times as large. In fp32 one token of dbeta was off by 0.1% to 4%, by the
// order of sums in four chunked formulas, and a segment of 100 in the worst of 150 samples by half.
constexpr double kSignedGates = 0.1;

// Beside the 1e-6 under the root of the norm, the square of such a length counts as much.
constexpr double kTinyLength = 1e-3;

InputSpec gate_input(const Case& c, const Dims& dims) {
  InputSpec gates{.name = "g", .dtype = DType::fp32, .dims = dims, .spread = Spread::negative};
  gates.scale = c.is("gates", "weak")     ? kWeakGates
                : c.is("gates", "signed") ? kSignedGates
                : c.is("gates", "strong") ? kStrongGates
                : c.is("gates", "steep")  ? kSteepGates
                                          : kNormalGates;
  if (c.is("gates", "signed")) gates.spread = Spread::symmetric;
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

InputSpec query_input(const Case& c, const Dims& dims) {
  InputSpec queries{.name = "q", .dtype = c.dtype, .dims = dims};
  if (c.is("keys", "tiny")) queries.scale = kTinyLength / std::sqrt(c.integer("key_dim"));
  return queries;
}

// Without l2norm the keys are of length about 1 already: longer ones would make the state explode.
InputSpec key_input(const Case& c, const Dims& dims) {
  const std::int64_t dim = c.integer("key_dim"), heads = c.integer("key_heads");
  InputSpec keys{.name = "k", .dtype = c.dtype, .dims = dims};
  if (c.is("l2norm", "no")) keys.scale = 1 / std::sqrt(static_cast<double>(dim));
  if (c.is("keys", "tiny")) keys.scale = kTinyLength / std::sqrt(static_cast<double>(dim));
  if (c.is("keys", "normal") || c.is("keys", "tiny")) return keys;
  keys.values.assign(static_cast<std::size_t>(element_count(dims)), 0);
  if (c.is("keys", "zero")) return keys;
  for (std::int64_t t = 0; t < c.capacity; ++t)
    for (std::int64_t head = 0; head < heads; ++head) {
      const std::int64_t place = c.is("keys", "equal") ? head % dim : (5 * t + head) % dim;
      keys.values[static_cast<std::size_t>((t * heads + head) * dim + place)] = 1;
    }
  return keys;
}

// A state that grows without bound is no case: nobody keeps it, and nobody needs it.
void check_growth(const Case& c) {
  if (c.fill != Fill::integers) return;
  const char* give = !c.is("gates", "zero")      ? "gates=zero"
                     : c.is("betas", "fraction") ? "betas=zero or betas=one"
                     : c.is("keys", "normal") && c.is("l2norm", "no")
                         ? "keys=zero, equal or onehot, or l2norm=inside"
                         : nullptr;
  if (give != nullptr)
    throw CaseError(fmt::format(
        "fill=integers makes gates, betas and keys of up to 3, which let the state grow "
        "beyond all numbers; give {}",
        give));
}

// Rows of a state that nobody writes fade below fp32, and there an infinity times 0 is NaN, where
// the definition has an infinity.
void check_fading(const Case& c) {
  const bool fades = c.is("gates", "normal") || c.is("gates", "strong") || c.is("gates", "steep");
  const bool is_written =
      (c.is("keys", "normal") || c.is("keys", "tiny")) && !c.is("betas", "zero");
  if (c.fill == Fill::specials && fades && !is_written)
    throw CaseError(
        "fill=specials puts infinities beside parts of a state that fade to 0 as nothing is "
        "written "
        "to them; give gates=zero, weak or signed, or keys=normal with betas=fraction or one");
}

// Sums of small integers: nothing is ever rounded but the output, so the bits are the reference's.
bool is_exact(const Case& c) {
  return c.fill == Fill::integers && c.is("keys", "onehot") && c.is("gates", "zero") &&
         !c.is("betas", "fraction") && c.is("l2norm", "no") && !c.is("key_dim", "128");
}

}  // namespace

std::vector<FieldSpec> delta_rule_fields() {
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
      {.name = "gates",
       .kind = Kind::choice,
       .fallback = "normal",
       .help = "decay a token: none, to about a half, to 0.99, to 1e-30 within a chunk, to 1e-4 a "
               "token and 0 within a chunk, or half of them growth",
       .choices = {"normal", "zero", "weak", "strong", "steep", "signed"}},
      {.name = "betas",
       .kind = Kind::choice,
       .fallback = "fraction",
       .help = "how much of v is written: a fraction, nothing, or all of it",
       .choices = {"fraction", "zero", "one"}},
      {.name = "keys",
       .kind = Kind::choice,
       .fallback = "normal",
       .help =
           "of length about 1, zero, all equal, one 1 among zeros, or, as the queries, of length "
           "about 0.001",
       .choices = {"normal", "zero", "equal", "onehot", "tiny"}},
  };
}

DeltaRuleSizes delta_rule_sizes(const Case& c) {
  const std::int64_t key_heads = c.integer("key_heads"), value_heads = c.integer("value_heads");
  if (value_heads % key_heads != 0)
    throw CaseError(
        fmt::format("value_heads={} is not a multiple of key_heads={}", value_heads, key_heads));
  const Dim tokens{Axis::token, c.capacity};
  return {.keys = {tokens, {Axis::head, key_heads}, {Axis::feature, c.integer("key_dim")}},
          .values = {tokens, {Axis::head, value_heads}, {Axis::feature, c.integer("value_dim")}},
          .gates = {tokens, {Axis::head, value_heads}}};
}

std::vector<InputSpec> delta_rule_inputs(const Case& c) {
  check_growth(c);
  check_fading(c);
  const DeltaRuleSizes sizes = delta_rule_sizes(c);
  return {query_input(c, sizes.keys),
          key_input(c, sizes.keys),
          {.name = "v", .dtype = c.dtype, .dims = sizes.values},
          gate_input(c, sizes.gates),
          beta_input(c, sizes.gates),
          cu_seqlens_input(c)};
}

Judged delta_rule_judged(const Case& c) { return is_exact(c) ? Judged::bits : Judged::tolerance; }

}  // namespace packproof
