// Whether the edges of a list fit what they are between.
#include "harness/ops/compose/composition.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

Tensor shape_of(const std::string& port, const Edge& edge) {
  return {.name = port, .dtype = edge.dtype, .dims = edge.dims};
}

}  // namespace

void Composition::check_exchange(const Step& step) const {
  if (step.reads.size() != 1 || step.makes.size() != 1)
    fail(step, "it moves one edge x to one edge y");
  const Edge& x = edge(step.reads[0].edge);
  const Edge& y = step.makes[0].edge;
  if (x.dtype != y.dtype || x.dims != y.dims)
    fail(step,
         fmt::format("'{}' and '{}' differ in more than in how ranks share them", x.name, y.name));
  if (x.shared == y.shared || x.shared == Shared::alike || y.shared == Shared::alike)
    fail(step, fmt::format("'{}' and '{}' have to be shared out by two axes", x.name, y.name));
}

void Composition::check_part(std::size_t index) const {
  const Step& step = list_.steps[index];
  const Part& part = *parts_[index];
  check_shares(step, part);
  const Case the_case =
      case_of({.step = index, .direction = Direction::fwd, .reads = {}, .writes = {}});
  Call shapes{.the_case = &the_case, .inputs = {}, .outputs = {}};
  for (const ReadPort& port : step.reads)
    shapes.inputs.push_back(shape_of(port.port, edge(port.edge)));
  for (const MadePort& port : step.makes) shapes.outputs.push_back(shape_of(port.port, port.edge));
  try {
    part.check(shapes);
  } catch (const std::exception& error) {
    fail(step, error.what());
  }
}

void Composition::check_shares(const Step& step, const Part& part) const {
  std::vector<const Edge*> around;
  for (const ReadPort& port : step.reads) around.push_back(&edge(port.edge));
  for (const MadePort& port : step.makes) around.push_back(&port.edge);
  bool is_shared = false;
  for (const Edge* edge : around) {
    is_shared = is_shared || edge->shared != Shared::alike;
    const bool is_run_of_tokens =
        edge->shared == Shared::first && edge->dims[0].axis == Axis::token;
    if (is_run_of_tokens && !part.takes_token_shards)
      fail(step, fmt::format("a rank has some tokens of '{}', and it wants all: exchange it first",
                             edge->name));
  }
  // Ranks add up what each found for its own share.
  for (const ReadPort& port : step.reads)
    if (const ComposedEdge& read = edge(port.edge);
        !is_shared && read.input && read.has_gradient() && read.shared == Shared::alike)
      fail(step, fmt::format("every rank would find all of the gradient of '{}', and their sum "
                             "would be that many times too large",
                             read.name));
}

void Composition::check_ends(const Call& call) const {
  const bool is_forward = case_.direction == Direction::fwd;
  const auto is_given = [&](const Edge& edge) {
    return is_forward ? call.has_output(TensorName(edge.name))
                      : call.has_input(TensorName("d" + edge.name));
  };
  for (const ComposedEdge& edge : edges_) {
    if (!edge.input && is_given(edge) && (edge.reader || edge.shared != Shared::first))
      throw std::logic_error(
          fmt::format("{}: the op's output '{}' is read by a step, or no rank "
                      "has rows of its own of it",
                      case_.op, edge.name));
    if (edge.reader) continue;
    if (edge.input)
      throw std::logic_error(
          fmt::format("{}: no step reads input '{}'", case_.op, edge.input->name));
    if (!is_given(edge))
      throw std::logic_error(
          fmt::format("{}: edge '{}' leads nowhere: no step reads it, and it is "
                      "no output of the op",
                      case_.op, edge.name));
  }
  if (!is_forward) return;
  for (const Tensor& output : call.outputs)
    if (const auto found = find_edge(output.name);
        !found || edges_[*found].dtype != output.dtype || edges_[*found].dims != output.dims)
      throw std::logic_error(
          fmt::format("{}: no edge is the output '{}', or it is of another dtype "
                      "or size",
                      case_.op, output.name));
}

}  // namespace packproof::harness
