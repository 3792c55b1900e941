#include "cases/forms/model_shapes.h"

#include <vector>

#include <fmt/format.h>

#include "cases/core/call.h"

namespace packproof {
namespace {

ModelShape qwen35(const char* size, std::int64_t hidden, std::int64_t value_heads) {
  return {.name = fmt::format("Qwen3.5-{}", size),
          .hidden = hidden,
          .key_heads = 16,
          .value_heads = value_heads,
          .key_dim = 128,
          .value_dim = 128,
          .conv_width = 4};
}

}  // namespace

std::span<const ModelShape> model_shapes() {
  static const std::vector<ModelShape> shapes = {
      qwen35("397B-A17B", 4096, 64), qwen35("122B-A10B", 3072, 64), qwen35("35B-A3B", 2048, 32),
      qwen35("27B", 5120, 48),       qwen35("9B", 4096, 32),        qwen35("4B", 2560, 32),
      qwen35("2B", 2048, 16),
  };
  return shapes;
}

std::int64_t conv_channels(const ModelShape& model) {
  return 2 * model.key_heads * model.key_dim + model.value_heads * model.value_dim;
}

ModelShape on_rank(const ModelShape& model, std::int64_t tp) {
  if (tp < 1 || model.key_heads % tp != 0 || model.value_heads % tp != 0)
    throw CaseError(fmt::format("{}: its {} and {} heads do not divide by {} tensor-parallel ranks",
                                model.name, model.key_heads, model.value_heads, tp));
  ModelShape shard = model;
  shard.name = fmt::format("{} TP {}", model.name, tp);
  shard.key_heads /= tp;
  shard.value_heads /= tp;
  return shard;
}

}  // namespace packproof
