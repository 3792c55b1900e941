#include "harness/ops/compose/composition.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace packproof::harness {

Composition::Composition(StepList list, const Call& call, const FindPart& find)
    : case_(*call.the_case), list_(std::move(list)) {
  for (const InputEdge& input : list_.inputs) add_input(input, call);
  rewire(call);
  check_rows(call);
  for (std::size_t i = 0; i < list_.steps.size(); ++i) add_step(i, find);
  check_ends(call);
}

void Composition::fail(const Step& step, const std::string& fault) const {
  throw std::logic_error(
      fmt::format("{}: step '{}' ({}): {}", case_.op, step.name, step.op, fault));
}

std::optional<std::size_t> Composition::find_edge(std::string_view name) const {
  const auto found = std::find_if(edges_.begin(), edges_.end(),
                                  [&](const ComposedEdge& edge) { return edge.name == name; });
  if (found == edges_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - edges_.begin());
}

void Composition::add_edge(const Edge& edge) {
  if (find_edge(edge.name))
    throw std::logic_error(fmt::format("{}: edge '{}' is made twice: give one of them another name",
                                       case_.op, edge.name));
  edges_.push_back({edge});
}

void Composition::add_input(const InputEdge& input, const Call& call) {
  const Tensor& tensor = call.input(TensorName(input.tensor));
  Edge edge{.name = input.name, .dtype = tensor.dtype, .dims = tensor.dims, .shared = input.shared};
  const std::int64_t rows = input.rows < 0 ? tensor.size(0) - input.first_row : input.rows;
  if (input.first_row < 0 || input.first_row + rows > tensor.size(0))
    throw std::logic_error(fmt::format("{}: edge '{}' is rows {} to {} of the {} of {}", case_.op,
                                       input.name, input.first_row, input.first_row + rows,
                                       tensor.size(0), input.tensor));
  if (input.shared == Shared::second)
    throw std::logic_error(
        fmt::format("{}: edge '{}': ranks share out an input by its rows, or have it alike",
                    case_.op, input.name));
  edge.dims[0].size = rows;
  add_edge(edge);
  edges_.back().input = input;
}

// A call may have a further input for a port of a step: see rewired_input.
void Composition::rewire(const Call& call) {
  for (const Tensor& tensor : call.inputs) {
    if (tensor.name.find('.') == std::string::npos) continue;
    ReadPort* rewired = nullptr;
    for (Step& step : list_.steps)
      for (ReadPort& port : step.reads)
        if (tensor.name == rewired_input(step.name, port.port)) rewired = &port;
    if (rewired == nullptr)
      throw std::logic_error(
          fmt::format("{}: input '{}' is for a port that no step has: write "
                      "<step>.<port>",
                      case_.op, tensor.name));
    add_input({.name = tensor.name, .tensor = tensor.name}, call);
    rewired->edge = tensor.name;
  }
}

// A gradient has one value for each row of an input: no row may be of two edges, or of none.
void Composition::check_rows(const Call& call) const {
  for (const Tensor& tensor : call.inputs) {
    std::vector<std::pair<std::int64_t, std::int64_t>> runs;
    for (const ComposedEdge& edge : edges_)
      if (edge.input->tensor == tensor.name)
        runs.emplace_back(edge.input->first_row, edge.input->first_row + edge.dims[0].size);
    if (runs.empty() || !is_floating(tensor.dtype)) continue;
    std::sort(runs.begin(), runs.end());
    std::int64_t end = 0;
    for (const auto& [first, last] : runs)
      if (std::exchange(end, last) != first) end = -1;
    if (end != tensor.size(0))
      throw std::logic_error(
          fmt::format("{}: the edges of {} are its rows {}, which should be all {} of them, each "
                      "once",
                      case_.op, tensor.name, fmt::join(runs, ", "), tensor.size(0)));
  }
}

void Composition::add_step(std::size_t index, const FindPart& find) {
  const Step& step = list_.steps[index];
  std::optional<Part>& part = parts_.emplace_back();
  for (const ReadPort& port : step.reads) read(index, port);
  for (const MadePort& port : step.makes) add_edge(port.edge);
  if (step.op == kExchange) return check_exchange(step);
  part = find(step.op);
  if (!part) fail(step, "there is no such part: see find_part");
  check_part(index);
}

void Composition::read(std::size_t index, const ReadPort& port) {
  const Step& step = list_.steps[index];
  const std::optional<std::size_t> found = find_edge(port.edge);
  if (!found) {
    for (const Step& later : list_.steps)
      for (const MadePort& made : later.makes)
        if (made.edge.name == port.edge)
          fail(step, fmt::format("its {} reads edge '{}', which only step '{}' makes: a step "
                                 "stands behind those that it reads from",
                                 port.port, port.edge, later.name));
    fail(step, fmt::format("its {} reads edge '{}', which nobody makes", port.port, port.edge));
  }
  ComposedEdge& edge = edges_[*found];
  if (edge.reader && edge.has_gradient())
    fail(step,
         fmt::format("its {} reads edge '{}', which step '{}' reads too: each would give it a "
                     "gradient, and nothing adds them; read it in one step",
                     port.port, port.edge, list_.steps[*edge.reader].name));
  edge.reader = index;
}

Case Composition::case_of(const StepRun& run) const {
  Case c = case_;
  c.op = step(run).op;
  c.direction = run.direction;
  c.fill = Fill::normal;  // what forms refuse of others is for the composed op to refuse
  c.fields = step(run).fields;
  for (const FieldSpec& field : part(run).fields) c.fields.emplace(field.name, field.fallback);
  return c;
}

StepRun Composition::run_of(std::size_t index, Direction direction) const {
  const Step& step = list_.steps[index];
  StepRun run{.step = index, .direction = direction, .reads = {}, .writes = {}};
  const bool is_forward = direction == Direction::fwd;
  const bool needs_inputs = is_forward || step.op != kExchange;
  for (const ReadPort& port : step.reads) {
    const std::size_t edge = *find_edge(port.edge);
    if (needs_inputs) run.reads.push_back({port.port, {edge}});
    if (!is_forward && edges_[edge].has_gradient())
      run.writes.push_back({"d" + port.port, {edge, true}});
  }
  for (const MadePort& port : step.makes) {
    const std::size_t edge = *find_edge(port.edge.name);
    if (is_forward)
      run.writes.push_back({port.port, {edge}});
    else if (edges_[edge].has_gradient())
      run.reads.push_back({"d" + port.port, {edge, true}});
  }
  return run;
}

std::vector<StepRun> Composition::runs() const {
  const auto is_read = [&](const Step& step) {
    return std::any_of(step.makes.begin(), step.makes.end(), [&](const MadePort& port) {
      return edge(port.edge.name).reader.has_value();
    });
  };
  std::vector<StepRun> all;
  for (std::size_t i = 0; i < list_.steps.size(); ++i)
    if (case_.direction == Direction::fwd || is_read(list_.steps[i]))
      all.push_back(run_of(i, Direction::fwd));
  if (case_.direction == Direction::bwd)
    for (std::size_t i = list_.steps.size(); i-- > 0;) all.push_back(run_of(i, Direction::bwd));
  return all;
}

}  // namespace packproof::harness
