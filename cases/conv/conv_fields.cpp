#include "cases/conv/conv_fields.h"

namespace packproof {

std::vector<FieldSpec> conv_fields() {
  using Kind = FieldSpec::Kind;
  return {
      {.name = "channels",
       .fallback = "64",
       .help = "channels, each with taps of its own",
       .min = 1,
       .max = 16384},
      {.name = "width",
       .fallback = "4",
       .help = "tokens that a result sees, its own included",
       .min = 2,
       .max = 4},
      {.name = "activation",
       .kind = Kind::word,
       .fallback = "silu",
       .help = "none, silu or swish (the same as silu)",
       .choices = {"none", "silu", "swish"}},
      {.name = "bias",
       .kind = Kind::choice,
       .fallback = "present",
       .help = "whether there is a bias",
       .choices = {"absent", "present"}},
  };
}

}  // namespace packproof
