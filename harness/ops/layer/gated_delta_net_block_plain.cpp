#include "harness/ops/layer/gated_delta_net_block_plain.h"

#include <cstring>
#include <deque>
#include <initializer_list>
#include <string>
#include <vector>

#include "reference/core/plain_floats.h"
#include "reference/layer/gated_delta_net_block/gated_delta_net_block_plain.h"
#include "reference/op_references.h"

namespace packproof::harness {
namespace {

Tensor named(Tensor tensor, const char* name) {
  tensor.name = name;
  return tensor;
}

class PlainBlock {
 public:
  explicit PlainBlock(const Call& call)
      : call_(call),
        dtype_(call.input("hidden").dtype),
        hidden_(call.input("hidden")),
        cu_seqlens_(call.input("cu_seqlens")),
        valid_(reference::valid_tokens(cu_seqlens_)),
        tokens_{Axis::token, hidden_.size(0)},
        key_heads_{Axis::head, call.the_case->integer("key_heads")},
        value_heads_{Axis::head, call.the_case->integer("value_heads")},
        key_dim_{Axis::feature, call.the_case->integer("key_dim")},
        value_dim_{Axis::feature, call.the_case->integer("value_dim")},
        keys_(key_heads_.size * key_dim_.size),
        values_(value_heads_.size * value_dim_.size) {}

  void forward() {
    activate();
    reference::linear_plain(normed_, call_.input("out_weight"), call_.output("y"), valid_);
  }

  void backward() {
    activate();
    const Tensor& dy = call_.input("dy");
    const Tensor& out_weight = call_.input("out_weight");
    const Tensor dnormed = zeros("dy", normed_.dims);
    reference::linear_input_plain(dy, out_weight, dnormed, valid_);
    const Tensor do_ = make("do", o_.dims), dz = make("dz", z_.dims);
    const Tensor dnorm = make("dweight", call_.input("norm_weight").dims);
    run("rms_norm_gated", {},
        {named(o_, "x"), z_, named(call_.input("norm_weight"), "weight"), dnormed},
        {named(do_, "dx"), dz, dnorm}, Direction::bwd, reference::rms_norm_gated_plain);

    const Tensor dq = make("dq", q_.dims), dk = make("dk", k_.dims), dv = make("dv", v_.dims);
    const Tensor dg = make("dg", g_.dims, DType::fp32), dbeta = make("dbeta", g_.dims, DType::fp32);
    run("chunk_gated_delta_rule", {{"l2norm", "inside"}}, {q_, k_, v_, g_, beta_, do_},
        {dq, dk, dv, dg, dbeta}, Direction::bwd, reference::chunk_gated_delta_rule_plain);

    const Tensor da = make("da", a_.dims), db = make("db", b_.dims);
    const Tensor dA_log = make("dA_log", {value_heads_}, DType::fp32);
    const Tensor ddt_bias = make("ddt_bias", {value_heads_}, DType::fp32);
    run("gdn_gating", {}, {a_, b_, call_.input("A_log"), call_.input("dt_bias"), dg, dbeta},
        {da, db, dA_log, ddt_bias}, Direction::bwd, reference::gdn_gating_plain);

    const Tensor& taps = call_.input("conv_weight");
    const Tensor dqkv = make("dx", qkv_.dims), dtaps = make("dweight", taps.dims);
    run("causal_conv1d", {{"activation", "silu"}},
        {named(qkv_, "x"), named(taps, "weight"), joined(dq, dk, dv)}, {dqkv, dtaps},
        Direction::bwd, reference::causal_conv1d_plain);

    const Tensor dhidden = zeros("dhidden", hidden_.dims);
    const auto project_back = [&](const Tensor& d, const std::string& weight) {
      reference::linear_input_plain(d, call_.input(weight), dhidden, valid_);
      give_weight(d, hidden_, weight);
    };
    project_back(dqkv, "qkv_weight");
    project_back(dz, "z_weight");
    project_back(db, "b_weight");
    project_back(da, "a_weight");
    copy(dhidden, call_.output("dhidden"), 1);
    give_weight(dy, normed_, "out_weight");
    give("norm_weight", dnorm);
    give("conv_weight", dtaps);
    give("A_log", dA_log);
    give("dt_bias", ddt_bias);
  }

 private:
  using Fields = std::map<std::string, std::string, std::less<>>;

  // Everything before the last projection.
  void activate() {
    const auto project = [&](const char* name, const char* weight, Dims dims) {
      Tensor y = make(name, std::move(dims));
      reference::linear_plain(hidden_, call_.input(weight), y, valid_);
      return y;
    };
    qkv_ = project("x", "qkv_weight", {tokens_, {Axis::feature, 2 * keys_ + values_}});
    z_ = project("z", "z_weight", {tokens_, value_heads_, value_dim_});
    b_ = project("b", "b_weight", {tokens_, value_heads_});
    a_ = project("a", "a_weight", {tokens_, value_heads_});

    const Tensor convolved = make("y", qkv_.dims);
    run("causal_conv1d", {{"activation", "silu"}},
        {qkv_, named(call_.input("conv_weight"), "weight")}, {convolved}, Direction::fwd,
        reference::causal_conv1d_plain);
    q_ = part(convolved, "q", 0, {tokens_, key_heads_, key_dim_});
    k_ = part(convolved, "k", keys_, {tokens_, key_heads_, key_dim_});
    v_ = part(convolved, "v", 2 * keys_, {tokens_, value_heads_, value_dim_});

    g_ = make("g", a_.dims, DType::fp32);
    beta_ = make("beta", b_.dims, DType::fp32);
    run("gdn_gating", {}, {a_, b_, call_.input("A_log"), call_.input("dt_bias")}, {g_, beta_},
        Direction::fwd, reference::gdn_gating_plain);
    o_ = make("o", v_.dims);
    run("chunk_gated_delta_rule", {{"l2norm", "inside"}}, {q_, k_, v_, g_, beta_}, {o_},
        Direction::fwd, reference::chunk_gated_delta_rule_plain);
    normed_ = make("y", o_.dims);
    run("rms_norm_gated", {}, {named(o_, "x"), z_, named(call_.input("norm_weight"), "weight")},
        {normed_}, Direction::fwd, reference::rms_norm_gated_plain);
    normed_.dims = {tokens_, {Axis::feature, values_}};
  }

  // One step, with cu_seqlens.
  void run(const char* op, Fields fields, std::vector<Tensor> inputs, std::vector<Tensor> outputs,
           Direction direction, Returned (*step)(const Call&)) const {
    Case c = *call_.the_case;
    c.op = op;
    c.direction = direction;
    c.fields = std::move(fields);
    inputs.push_back(cu_seqlens_);
    step({.the_case = &c, .inputs = std::move(inputs), .outputs = std::move(outputs)});
  }

  Tensor make(const char* name, Dims dims, DType dtype) {
    Tensor tensor{.name = name, .dtype = dtype, .dims = std::move(dims)};
    tensor.data = memory_.emplace_back(tensor.bytes()).data();
    return tensor;
  }
  Tensor make(const char* name, Dims dims) { return make(name, std::move(dims), dtype_); }
  Tensor zeros(const char* name, Dims dims) { return make(name, std::move(dims)); }

  static std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

  // Columns of rows of channels, from `first` on.
  Tensor part(const Tensor& channels, const char* name, std::int64_t first, Dims dims) {
    Tensor to = make(name, std::move(dims));
    move_columns(channels, to, first, /*into_channels=*/false);
    return to;
  }
  Tensor joined(const Tensor& q, const Tensor& k, const Tensor& v) {
    Tensor channels = make("dy", qkv_.dims);
    move_columns(channels, q, 0, true);
    move_columns(channels, k, keys_, true);
    move_columns(channels, v, 2 * keys_, true);
    return channels;
  }
  void move_columns(const Tensor& channels, const Tensor& part, std::int64_t first,
                    bool into_channels) const {
    const std::size_t bytes = size_of(dtype_), row = index(part.row_size()) * bytes;
    for (std::int64_t t = 0; t < tokens_.size; ++t) {
      std::byte* wide = channels.as<std::byte>() + index(t * channels.row_size() + first) * bytes;
      std::byte* own = part.as<std::byte>() + index(t) * row;
      std::memcpy(into_channels ? wide : own, into_channels ? own : wide, row);
    }
  }

  static void copy(const Tensor& from, const Tensor& to, std::int64_t times) {
    for (std::int64_t i = 0; i < times; ++i)
      if (from.bytes() > 0)
        std::memcpy(to.as<std::byte>() + index(i) * from.bytes(), from.data, from.bytes());
  }
  void give(const std::string& weight, const Tensor& gradient) const {
    copy(gradient, call_.output("d" + weight), call_.the_case->integer("sp"));
  }
  void give_weight(const Tensor& dy, const Tensor& x, const std::string& weight) {
    const Tensor gradient = make("dweight", call_.input(weight).dims);
    reference::linear_weight_plain(dy, x, gradient, valid_);
    give(weight, gradient);
  }

  const Call& call_;
  const DType dtype_;
  const Tensor hidden_, cu_seqlens_;
  const std::int64_t valid_;
  const Dim tokens_, key_heads_, value_heads_, key_dim_, value_dim_;
  const std::int64_t keys_, values_;
  std::deque<std::vector<std::byte>> memory_;
  Tensor qkv_, z_, b_, a_, q_, k_, v_, g_, beta_, o_, normed_;
};

}  // namespace

Returned gated_delta_net_block_plain(const Call& call) {
  PlainBlock block(call);
  if (call.the_case->direction == Direction::fwd)
    block.forward();
  else
    block.backward();
  return all_outputs(call);
}

}  // namespace packproof::harness
