// A made-up composed op of one kind of part, for tests of lists of steps: y = x w h, where x has
// tokens of two features, w a factor for each that all ranks have alike, and h one that they share
// out.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/forms/step_list.h"
#include "harness/ops/compose/part.h"

namespace packproof::harness {

inline constexpr std::int64_t kToyTokens = 4, kToyFeatures = 2;

inline Dims toy_rows() { return {{Axis::token, kToyTokens}, {Axis::feature, kToyFeatures}}; }

// y = x times a factor a feature; by one code for all that a part has.
inline void scale(const Call& call) {
  const Tensor &x = call.input("x"), &weight = call.input("weight");
  const std::int64_t features = weight.count();
  if (call.the_case->direction == Direction::fwd) {
    for (std::int64_t i = 0; i < x.count(); ++i)
      store(call.output("y"), i, load(x, i) * load(weight, i % features));
    return;
  }
  std::vector<double> dweight(static_cast<std::size_t>(features));
  for (std::int64_t i = 0; i < x.count(); ++i) {
    const double dy = load(call.input("dy"), i);
    store(call.output("dx"), i, dy * load(weight, i % features));
    dweight[static_cast<std::size_t>(i % features)] += dy * load(x, i);
  }
  for (std::int64_t f = 0; f < features; ++f)
    store(call.output("dweight"), f, dweight[static_cast<std::size_t>(f)]);
}

inline void scale_judged(const reference::JudgedCall& call) {
  const auto apply = [&](const char* from, const char* to) {
    const reference::Matrix& weight = call.value("weight");
    for (Eigen::Index f = 0; f < weight.rows(); ++f)
      call.output(to).value.col(f) = call.value(from).col(f) * weight(f);
    call.output(to).magnitude = call.output(to).value.cwiseAbs();
  };
  if (call.is_forward()) return apply("x", "y");
  apply("dy", "dx");
  call.output("dweight").value =
      call.value("dy").cwiseProduct(call.value("x")).colwise().sum().transpose();
}

// "scale" takes any share; "scale_all" wants all tokens.
inline std::optional<Part> toy_part(std::string_view name) {
  if (name != "scale" && name != "scale_all") return std::nullopt;
  return Part{.fields = {},
              .check =
                  [](const Call& shapes) {
                    check_against({.inputs = {{"x", DType::fp32, toy_rows()},
                                              {"weight", DType::fp32, {toy_rows()[1]}}},
                                   .outputs = {{"y", DType::fp32, toy_rows()}}},
                                  shapes);
                  },
              .takes_token_shards = name == "scale",
              .ours = [](const DeviceCall& call, std::int64_t) { scale(call.device); },
              .plain = scale,
              .judged = scale_judged};
}

inline Edge toy_edge(std::string name, Shared shared) {
  return {.name = std::move(name), .dtype = DType::fp32, .dims = toy_rows(), .shared = shared};
}

inline Step toy_exchange(const std::string& from, Edge to) {
  return {.name = "exchange_" + from,
          .op = std::string(kExchange),
          .reads = {{"x", from}},
          .makes = {{"y", std::move(to)}}};
}

inline StepList toy_layer() {
  return {.inputs = {{.name = "x", .tensor = "x", .shared = Shared::first},
                     {.name = "w", .tensor = "w"},
                     {.name = "h", .tensor = "h", .shared = Shared::first}},
          .steps = {{.name = "weigh",
                     .op = "scale",
                     .reads = {{"x", "x"}, {"weight", "w"}},
                     .makes = {{"y", toy_edge("weighed", Shared::first)}}},
                    toy_exchange("weighed", toy_edge("by_features", Shared::second)),
                    {.name = "weigh_heads",
                     .op = "scale_all",
                     .reads = {{"x", "by_features"}, {"weight", "h"}},
                     .makes = {{"y", toy_edge("weighed_heads", Shared::second)}}},
                    toy_exchange("weighed_heads", toy_edge("y", Shared::first))}};
}

// A call of it, which owns its memory. Inputs are small integers: every sum is exact.
class ToyCall {
 public:
  explicit ToyCall(Direction direction, std::int64_t world = 1) {
    case_.op = "toy_layer";
    case_.direction = direction;
    case_.dtype = DType::fp32;
    case_.lengths = {kToyTokens};
    case_.capacity = kToyTokens;
    call_.the_case = &case_;
    const Dims features = {toy_rows()[1]};
    input("x", toy_rows(), {1, 2, 3, 4, 5, 6, 7, 8});
    input("w", features, {2, -3});
    input("h", features, {5, 7});
    if (direction == Direction::fwd) {
      output("y", toy_rows());
      return;
    }
    input("dy", toy_rows(), {1, 1, 2, -1, 3, 1, 4, -2});
    output("dx", toy_rows());
    const Dims copies = {{Axis::rank, world}, features[0]};
    output("dw", copies);
    output("dh", copies);
  }
  ToyCall(const ToyCall&) = delete;
  ToyCall& operator=(const ToyCall&) = delete;

  Call& call() { return call_; }
  std::vector<float> of(std::string_view output) const {
    const auto values = call_.output(TensorName(output)).elements<const float>();
    return {values.begin(), values.end()};
  }

  void input(const std::string& name, const Dims& dims, std::vector<float> values) {
    float* data = memory_.emplace_back(std::move(values)).data();
    call_.inputs.push_back({name, DType::fp32, dims, data});
  }

 private:
  void output(const std::string& name, const Dims& dims) {
    auto& values = memory_.emplace_back(static_cast<std::size_t>(element_count(dims)), -99.0f);
    call_.outputs.push_back({name, DType::fp32, dims, values.data()});
  }

  Case case_;
  Call call_;
  std::deque<std::vector<float>> memory_;
};

}  // namespace packproof::harness
