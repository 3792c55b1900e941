#include "harness/padding_free/backends.h"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace packproof::harness {
namespace {

using enum MixingOp;

constexpr std::string_view kFlashAttention = "https://github.com/Dao-AILab/flash-attention";
constexpr std::string_view kFla = "https://github.com/fla-org/flash-linear-attention";
constexpr std::string_view kTransformers = "https://github.com/huggingface/transformers";

constexpr std::array kBackends = {
    Backend{attention, "flash_attention_3", Boundaries::cu_seqlens, true, kFlashAttention},
    Backend{attention, "flash_attention_2", Boundaries::cu_seqlens, true, kFlashAttention},
    Backend{attention, "sdpa", Boundaries::none, false,
            "https://github.com/modelscope/ms-swift/issues/5690"},
    Backend{attention, "eager", Boundaries::none, false,
            "https://github.com/modelscope/ms-swift/issues/5690"},
    Backend{causal_conv1d, "fla", Boundaries::cu_seqlens, false, kFla},
    Backend{causal_conv1d, "causal_conv1d", Boundaries::seq_idx, false,
            "https://github.com/Dao-AILab/causal-conv1d"},
    Backend{causal_conv1d, "torch", Boundaries::none, false,
            "https://github.com/modelscope/twinkle/pull/186"},
    Backend{chunk_gated_delta_rule, "flashqla", Boundaries::cu_seqlens, false,
            "https://github.com/QwenLM/FlashQLA"},
    Backend{chunk_gated_delta_rule, "fla", Boundaries::cu_seqlens, false, kFla},
    Backend{chunk_gated_delta_rule, "torch", Boundaries::none, false, kTransformers},
};

template <class Wanted>
std::string names_of(MixingOp op, Wanted wanted) {
  std::vector<std::string_view> names;
  for (const Backend& backend : kBackends)
    if (backend.op == op && wanted(backend)) names.push_back(backend.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string_view name_of(MixingOp op) {
  constexpr std::array<std::string_view, 3> kNames = {"attention", "causal_conv1d",
                                                      "chunk_gated_delta_rule"};
  return kNames.at(static_cast<std::size_t>(op));
}

std::string_view name_of(Boundaries boundaries) {
  constexpr std::array<std::string_view, 3> kNames = {"no boundaries", "cu_seqlens", "seq_idx"};
  return kNames.at(static_cast<std::size_t>(boundaries));
}

std::span<const Backend> known_backends() { return kBackends; }

const Backend* find_backend(MixingOp op, std::string_view name) {
  for (const Backend& backend : kBackends)
    if (backend.op == op && backend.name == name) return &backend;
  return nullptr;
}

std::string packed_backends(MixingOp op) {
  return names_of(op, [](const Backend& b) { return b.boundaries != Boundaries::none; });
}

std::string all_backends(MixingOp op) {
  return names_of(op, [](const Backend&) { return true; });
}

}  // namespace packproof::harness
