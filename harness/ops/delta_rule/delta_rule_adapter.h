// What the adapters of the gated delta rule share.
#pragma once

#include <string>

#include <fmt/format.h>

#include "cases/forms/model_shapes.h"
#include "harness/ops/adapter.h"
#include "kernels/delta_rule/key_norm.h"

namespace packproof::harness {

inline KeyNorm key_norm_of(const Call& call) {
  return call.the_case->is("l2norm", "inside") ? KeyNorm::l2 : KeyNorm::none;
}

inline std::string delta_rule_layer_fields(const ModelShape& model) {
  return fmt::format("key_heads={} value_heads={} key_dim={} value_dim={}", model.key_heads,
                     model.value_heads, model.key_dim, model.value_dim);
}

// Token by token, as ops are defined: of the state S [key_dim, value_dim] a decay, a product with
// k, an update and a product with q.
inline double delta_rule_flops(const Case& the_case) {
  const auto state =
      static_cast<double>(the_case.integer("key_dim") * the_case.integer("value_dim"));
  return 7 * state * static_cast<double>(the_case.valid_tokens() * the_case.integer("value_heads"));
}

}  // namespace packproof::harness
