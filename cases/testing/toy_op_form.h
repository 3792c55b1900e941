// A made-up op with every kind of field, for the tests and fuzzers of the parsers.
#pragma once

#include "cases/language/op_lookup.h"

namespace packproof {

// No op but a toy has this field.
inline constexpr FieldName kToyMode{std::string_view("mode")};

inline Signature toy_signature(const Case& the_case) {
  if (the_case.is(kToyMode, "state") && the_case.integer("width") > 4)
    throw CaseError("mode=state needs a width of at most 4");
  return {};
}

// Activations, both directions.
inline const OpForm kToyOp{
    .name = "toy_conv",
    .directions = {Direction::fwd, Direction::bwd},
    .dtypes = {DType::bf16, DType::fp16, DType::fp32},
    .fields = {{.name = "width",
                .kind = FieldSpec::Kind::integer,
                .fallback = "4",
                .help = "taps",
                .min = 2,
                .max = 8},
               {.name = "offset",
                .kind = FieldSpec::Kind::integer,
                .fallback = "0",
                .help = "tokens",
                .min = -100,
                .max = 100},
               {.name = "mode",
                .kind = FieldSpec::Kind::choice,
                .fallback = "plain",
                .help = "what it returns",
                .choices = {"plain", "state"}},
               {.name = "activation",
                .kind = FieldSpec::Kind::word,
                .fallback = "none",
                .help = "applied last"}},
    .contracts = {},
    .signature = toy_signature,
};

// Integers only, forward only, no fields.
inline const OpForm kToyIndexOp{
    .name = "toy_index",
    .directions = {Direction::fwd},
    .dtypes = {},
    .fields = {},
    .contracts = {},
    .signature = nullptr,
};

inline OpLookup toy_ops() {
  return {[](std::string_view name) -> const OpForm* {
            for (const OpForm* form : {&kToyOp, &kToyIndexOp})
              if (form->name == name) return form;
            return nullptr;
          },
          {kToyOp.name, kToyIndexOp.name}};
}

inline const OpForm& toy_form_of(const Case& the_case) {
  return the_case.op == kToyOp.name ? kToyOp : kToyIndexOp;
}

}  // namespace packproof
