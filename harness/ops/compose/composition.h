// A list of steps that was checked, with the parts that its steps name, and the order in which they
// run forwards and back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/forms/step_list.h"
#include "harness/ops/compose/part.h"

namespace packproof::harness {

// What lies on an edge, or its gradient.
struct Value {
  std::size_t edge;
  bool is_gradient = false;
  friend auto operator<=>(const Value&, const Value&) = default;
};

struct Wire {
  std::string port;  // of the part's call
  Value value;
};

// One step in one direction.
struct StepRun {
  std::size_t step;
  Direction direction;
  std::vector<Wire> reads, writes;
};

class Composition {
 public:
  struct ComposedEdge : Edge {
    std::optional<InputEdge> input = {};     // none: a step makes it
    std::optional<std::size_t> reader = {};  // the step; none: it is an output of the op

    bool has_gradient() const { return is_floating(dtype); }
  };

  // Of the op's call: its inputs are those of the list, and rewired ones. Throws std::logic_error,
  // which names the step, the port and the edge, where a step reads what nobody or only a later
  // step makes, where an edge is made twice, or read twice though it has a gradient, where nobody
  // reads an edge or an input, and where dtypes, sizes and shares do not fit.
  Composition(StepList list, const Call& call, const FindPart& find = find_part);

  const std::vector<ComposedEdge>& edges() const { return edges_; }
  const Step& step(const StepRun& run) const { return list_.steps[run.step]; }
  bool is_exchange(const StepRun& run) const { return step(run).op == kExchange; }
  const Part& part(const StepRun& run) const { return *parts_[run.step]; }
  // What a part's call of the run is told: sizes are those of all ranks together.
  Case case_of(const StepRun& run) const;

  // In the direction of the op's case. Backward: the steps that something behind them reads run
  // again, then all of them from behind.
  std::vector<StepRun> runs() const;

 private:
  void add_input(const InputEdge& input, const Call& call);
  void add_step(std::size_t index, const FindPart& find);
  void add_edge(const Edge& edge);
  void read(std::size_t index, const ReadPort& port);
  void rewire(const Call& call);
  void check_rows(const Call& call) const;
  void check_exchange(const Step& step) const;
  void check_part(std::size_t index) const;
  void check_shares(const Step& step, const Part& part) const;
  void check_ends(const Call& call) const;

  std::optional<std::size_t> find_edge(std::string_view name) const;
  const ComposedEdge& edge(std::string_view name) const { return edges_[*find_edge(name)]; }
  StepRun run_of(std::size_t index, Direction direction) const;
  [[noreturn]] void fail(const Step& step, const std::string& fault) const;

  Case case_;
  StepList list_;
  std::vector<std::optional<Part>> parts_;  // none of an exchange
  std::vector<ComposedEdge> edges_;
};

}  // namespace packproof::harness
