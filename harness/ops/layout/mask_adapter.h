// What the adapters of pack and unpack share.
#pragma once

#include <string>

#include <fmt/format.h>

#include "cases/forms/model_shapes.h"
#include "harness/ops/adapter.h"
#include "kernels/layout/mask_tiles.h"

namespace packproof::harness {

inline std::int32_t* tile_tokens(const DeviceCall& call, const Tensor& mask) {
  return scratch<std::int32_t>(call, mask_tiles(mask.count()) + 1);
}

// Rows as long as a layer's hidden states.
inline std::string hidden_rows(const ModelShape& model, Direction) {
  return fmt::format("features={}", model.hidden);
}

}  // namespace packproof::harness
