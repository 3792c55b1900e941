// What the adapters of the causal convolutions share.
#pragma once

#include <string>

#include <fmt/format.h>

#include "cases/forms/model_shapes.h"
#include "harness/ops/adapter.h"
#include "kernels/conv/conv_activation.h"

namespace packproof::harness {

// Throws Refusal where the call's op does not know it (contract C3).
inline ConvActivation activation_of(const Call& call) {
  const std::string& name = call.the_case->word("activation");
  if (name == "none") return ConvActivation::none;
  if (name == "silu" || name == "swish") return ConvActivation::silu;
  throw Refusal(fmt::format("activation '{}' is not known to {}: use none, silu or swish", name,
                            call.the_case->op));
}

// As the models have it: without a bias, silu behind it.
inline std::string conv_layer_fields(const ModelShape& model, Direction) {
  return fmt::format("channels={} width={} activation=silu bias=absent", conv_channels(model),
                     model.conv_width);
}

}  // namespace packproof::harness
