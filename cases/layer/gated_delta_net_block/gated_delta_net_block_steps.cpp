#include "cases/layer/gated_delta_net_block/gated_delta_net_block_steps.h"

#include <utility>

namespace packproof::cases {
namespace {

constexpr Shared kByTokens = Shared::first, kByHeads = Shared::second;
constexpr Shared kByRows = Shared::first;  // of a weight whose rows are those of heads

using Texts = std::map<std::string, std::string, std::less<>>;

Texts numbers(std::initializer_list<std::pair<const char*, std::int64_t>> fields) {
  Texts texts;
  for (const auto& [name, value] : fields) texts[name] = std::to_string(value);
  return texts;
}

ReadPort boundaries() { return {.port = "cu_seqlens", .edge = "cu_seqlens"}; }

// What is projected from the hidden states.
struct Projected {
  std::string name;  // by heads; "<name>_rows" by tokens
  Dims dims;
};

class Steps {
 public:
  explicit Steps(const Case& c)
      : dtype_(c.dtype),
        tokens_{Axis::token, c.capacity},
        hidden_{Axis::feature, c.integer("hidden")},
        key_heads_{Axis::head, c.integer("key_heads")},
        value_heads_{Axis::head, c.integer("value_heads")},
        key_dim_{Axis::feature, c.integer("key_dim")},
        value_dim_{Axis::feature, c.integer("value_dim")},
        keys_{Axis::feature, key_heads_.size * key_dim_.size},
        values_{Axis::feature, value_heads_.size * value_dim_.size} {}

  StepList list() {
    inputs();
    project();
    convolve("q", keys_, key_heads_, key_dim_);
    convolve("k", keys_, key_heads_, key_dim_);
    convolve("v", values_, value_heads_, value_dim_);
    gate();
    recur();
    normalize();
    project_back();
    return std::move(list_);
  }

 private:
  void inputs() {
    list_.inputs = {
        {.name = "hidden", .tensor = "hidden", .shared = kByTokens},
        {.name = "qkv_weight", .tensor = "qkv_weight"},
        {.name = "z_weight", .tensor = "z_weight"},
        {.name = "b_weight", .tensor = "b_weight"},
        {.name = "a_weight", .tensor = "a_weight"},
        {.name = "A_log", .tensor = "A_log", .shared = kByRows},
        {.name = "dt_bias", .tensor = "dt_bias", .shared = kByRows},
        {.name = "norm_weight", .tensor = "norm_weight"},
        {.name = "out_weight", .tensor = "out_weight"},
        {.name = "cu_seqlens", .tensor = "cu_seqlens"},
    };
    // Taps are a channel's own: each rank has those of its heads of q, of k and of v.
    std::int64_t row = 0;
    for (const auto& [name, rows] :
         {std::pair{"q_taps", keys_.size}, std::pair{"k_taps", keys_.size},
          std::pair{"v_taps", values_.size}}) {
      list_.inputs.push_back({.name = name,
                              .tensor = "conv_weight",
                              .shared = kByRows,
                              .first_row = row,
                              .rows = rows});
      row += rows;
    }
  }

  // The rows of qkv_weight are those of q, k and v, in this order.
  void project() {
    const std::vector<Projected> all = {
        {"q_in", {tokens_, keys_}},     {"k_in", {tokens_, keys_}},
        {"v_in", {tokens_, values_}},   {"z", {tokens_, value_heads_, value_dim_}},
        {"b", {tokens_, value_heads_}}, {"a", {tokens_, value_heads_}}};
    Step linear{.name = "project",
                .op = "linear",
                .reads = {{"x", "hidden"},
                          {"weight0", "qkv_weight"},
                          {"weight1", "z_weight"},
                          {"weight2", "b_weight"},
                          {"weight3", "a_weight"},
                          boundaries()},
                .makes = {}};
    for (const Projected& part : all)
      linear.makes.push_back({"y" + std::to_string(linear.makes.size()),
                              {part.name + "_rows", dtype_, part.dims, kByTokens}});
    list_.steps.push_back(std::move(linear));
    for (const Projected& part : all)
      exchange(part.name + "_rows", {part.name, dtype_, part.dims, kByHeads});
  }

  void convolve(const std::string& name, Dim channels, Dim heads, Dim dim) {
    Texts fields = numbers({{"channels", channels.size}});
    fields["activation"] = "silu";
    fields["bias"] = "absent";
    list_.steps.push_back({.name = "convolve_" + name,
                           .op = "causal_conv1d",
                           .fields = std::move(fields),
                           .reads = {{"x", name + "_in"}, {"weight", name + "_taps"}, boundaries()},
                           .makes = {{"y", {name, dtype_, {tokens_, heads, dim}, kByHeads}}}});
  }

  void gate() {
    const Dims gates = {tokens_, value_heads_};
    list_.steps.push_back(
        {.name = "gate",
         .op = "gdn_gating",
         .fields = numbers({{"heads", value_heads_.size}}),
         .reads =
             {{"a", "a"}, {"b", "b"}, {"A_log", "A_log"}, {"dt_bias", "dt_bias"}, boundaries()},
         .makes = {{"g", {"g", DType::fp32, gates, kByHeads}},
                   {"beta", {"beta", DType::fp32, gates, kByHeads}}}});
  }

  void recur() {
    Texts fields = numbers({{"key_heads", key_heads_.size},
                            {"value_heads", value_heads_.size},
                            {"key_dim", key_dim_.size},
                            {"value_dim", value_dim_.size}});
    fields["l2norm"] = "inside";
    list_.steps.push_back(
        {.name = "delta_rule",
         .op = "chunk_gated_delta_rule",
         .fields = std::move(fields),
         .reads = {{"q", "q"}, {"k", "k"}, {"v", "v"}, {"g", "g"}, {"beta", "beta"}, boundaries()},
         .makes = {{"o", {"o", dtype_, {tokens_, value_heads_, value_dim_}, kByHeads}}}});
  }

  void normalize() {
    list_.steps.push_back(
        {.name = "norm",
         .op = "rms_norm_gated",
         .fields = numbers({{"heads", value_heads_.size}, {"dim", value_dim_.size}}),
         .reads = {{"x", "o"}, {"z", "z"}, {"weight", "norm_weight"}, boundaries()},
         .makes = {{"y", {"normed", dtype_, {tokens_, value_heads_, value_dim_}, kByHeads}}}});
  }

  void project_back() {
    exchange("normed", {"normed_rows", dtype_, {tokens_, value_heads_, value_dim_}, kByTokens});
    list_.steps.push_back({.name = "project_back",
                           .op = "linear",
                           .reads = {{"x", "normed_rows"}, {"weight0", "out_weight"}, boundaries()},
                           .makes = {{"y0", {"y", dtype_, {tokens_, hidden_}, kByTokens}}}});
  }

  void exchange(const std::string& from, Edge to) {
    list_.steps.push_back({.name = "exchange_" + from,
                           .op = std::string(kExchange),
                           .reads = {{"x", from}},
                           .makes = {{"y", std::move(to)}}});
  }

  const DType dtype_;
  const Dim tokens_, hidden_, key_heads_, value_heads_, key_dim_, value_dim_, keys_, values_;
  StepList list_;
};

}  // namespace

StepList gated_delta_net_block_steps(const Case& c) { return Steps(c).list(); }

}  // namespace packproof::cases
