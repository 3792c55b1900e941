#include "harness/timing/bench_plan.h"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "cases/packing/bench_lengths.h"
#include "cases/packing/descriptor.h"
#include "harness/cli/case_selection.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

using reports::BenchPart;
using reports::BenchRow;

// Judged in full up to this much arithmetic, counted as in judging_cost.
constexpr double kMostJudged = 1.5e9;
constexpr std::int64_t kBreakEvenSegments = 16;

// What the float64 reference, the padded baseline and five plain runs have to do.
double judging_cost(const Op& op, const Case& the_case) {
  double elements = 0;
  for (const InputSpec& input : op.form.signature(the_case).inputs)
    elements += static_cast<double>(element_count(input.dims));
  return (op.bench.flops ? op.bench.flops(the_case) : 0) + 100 * elements;
}

// Input and output bytes of valid rows.
double bytes_of(const Op& op, const Case& the_case) {
  const Signature signature = op.form.signature(the_case);
  double bytes = 0;
  for (const InputSpec& input : signature.inputs)
    bytes +=
        static_cast<double>(element_count(input.dims)) * static_cast<double>(size_of(input.dtype));
  for (const OutputSpec& output : signature.outputs)
    bytes += static_cast<double>(element_count(output.dims)) *
             static_cast<double>(size_of(output.dtype));
  return bytes;
}

std::int64_t longest_of(const Case& the_case) {
  return the_case.lengths.empty() ? 0 : std::ranges::max(the_case.lengths);
}

// A row's lengths, for any number of tokens.
using LengthsOf = std::function<std::string(std::int64_t tokens)>;

class Planner {
 public:
  explicit Planner(const BenchSelection& selection) : selection_(selection) {}

  void add(const Op& op, Direction direction, const ModelShape& model, BenchPart part,
           const std::string& lengths_name, std::int64_t tokens, const LengthsOf& lengths,
           double longest_share = 0) {
    PlannedRow planned{.op = &op, .the_case = {}, .judged = {}, .row = {}};
    BenchRow& row = planned.row;
    row = {.part = part,
           .op = op.form.name,
           .direction = std::string(name_of(direction)),
           .model = model.name,
           .lengths = lengths_name};
    if (!wanted(row)) return;
    const auto with_tokens = [&](std::int64_t t) {
      return fmt::format("{}:{} {} len={}", op.form.name, name_of(direction),
                         op.bench.fields(model, direction), lengths(t));
    };
    planned.the_case = parse_descriptor(with_tokens(tokens), op_lookup());
    planned.judged = planned.the_case;
    for (std::int64_t t = tokens / 2;
         judging_cost(op, planned.judged) > kMostJudged && t >= kBreakEvenSegments; t /= 2)
      planned.judged = parse_descriptor(with_tokens(t), op_lookup());
    fill_in(planned, longest_share);
    if (seen_.insert({part, row.descriptor}).second) rows_.push_back(std::move(planned));
  }

  std::vector<PlannedRow> take() { return std::move(rows_); }

 private:
  bool wanted(const BenchRow& row) const {
    return selection_.filters.empty() ||
           std::ranges::any_of(selection_.filters, [&](const std::string& filter) {
             return matches(filter, title_of(row));
           });
  }

  static void fill_in(PlannedRow& planned, double longest_share) {
    const Op& op = *planned.op;
    const Case& the_case = planned.the_case;
    BenchRow& row = planned.row;
    row.descriptor = format_descriptor(the_case, op.form);
    row.judged = format_descriptor(planned.judged, op.form);
    row.segments = the_case.segments();
    row.valid_tokens = the_case.valid_tokens();
    row.padded_tokens = row.segments * longest_of(the_case);
    row.padding_share = 1 - static_cast<double>(row.valid_tokens) /
                                static_cast<double>(std::max<std::int64_t>(row.padded_tokens, 1));
    row.longest_share = longest_share;
    row.bytes = bytes_of(op, the_case);
    if (op.bench.flops) {
      row.flops = op.bench.flops(the_case);
      Case padded = the_case;
      padded.lengths.assign(the_case.lengths.size(), longest_of(the_case));
      padded.capacity = row.padded_tokens;
      row.padded_flops = op.bench.flops(padded);
    }
  }

  const BenchSelection& selection_;
  std::vector<PlannedRow> rows_;
  std::set<std::pair<BenchPart, std::string>> seen_;
};

// The layers of a tier. Layers of the same shape are timed once, under the first one's name.
std::vector<ModelShape> chosen_models(const BenchSelection& selection, BenchDevice device) {
  const bool all = selection.tier != Tier::quick || !selection.model.empty();
  const std::string quick = device == BenchDevice::gpu ? "35B" : "2B";
  std::vector<ModelShape> chosen;
  for (const ModelShape& model : model_shapes()) {
    const std::string& part = selection.model.empty() && !all ? quick : selection.model;
    // "2B" is not "122B".
    if (model.name.find(part) != 0 && model.name.find("-" + part) == std::string::npos) continue;
    for (const std::int64_t tp : {1, 2, 4, 8}) {
      const std::int64_t quick_tp = device == BenchDevice::gpu ? 1 : 8;
      if (selection.tp != 0 ? tp != selection.tp : !all && tp != quick_tp) continue;
      chosen.push_back(on_rank(model, tp));
    }
  }
  if (chosen.empty())
    throw CaseError(fmt::format(
        "no layer is named '{}' with TP {}: models are Qwen3.5-397B-A17B, -122B-A10B, -35B-A3B, "
        "-27B, -9B, -4B and -2B, each with --tp 1, 2, 4 or 8",
        selection.model, selection.tp));
  return chosen;
}

void add_shapes(Planner& planner, const Op& op, Direction direction, const ModelShape& model,
                std::int64_t tokens) {
  if (op.bench.lengths == BenchLengths::decode) {
    for (const NamedLengths& lengths : decode_lengths())
      planner.add(op, direction, model, BenchPart::shapes, lengths.name, 1,
                  [&](std::int64_t) { return lengths.text; });
    return;
  }
  for (const NamedLengths& lengths : training_lengths(tokens))
    planner.add(op, direction, model, BenchPart::shapes, lengths.name, tokens, [&](std::int64_t t) {
      for (const NamedLengths& same : training_lengths(t))
        if (same.name == lengths.name) return same.text;
      return equal_lengths(t, 1);  // no segment of the workload is that short
    });
}

// Over tokens, over segments, over padding: what LibTorch has an op for.
void add_curves(Planner& planner, const Op& op, Direction direction, const ModelShape& model,
                std::int64_t tokens) {
  for (const std::int64_t t : {tokens / 8, tokens / 4, tokens / 2, tokens, 2 * tokens})
    planner.add(op, direction, model, BenchPart::tokens, fmt::format("4 segments, {} tokens", t), t,
                [](std::int64_t some) { return equal_lengths(some, 4); });
  for (const std::int64_t segments : {1, 4, 16, 64, 256})
    planner.add(op, direction, model, BenchPart::segments, fmt::format("{} segments", segments),
                tokens,
                [&](std::int64_t some) { return equal_lengths(some, std::min(segments, some)); });
  for (const BreakEvenCell& cell : break_even_cells(tokens, kBreakEvenSegments))
    planner.add(
        op, direction, model, BenchPart::break_even,
        fmt::format("{:.0f}% padding, {:.0f}% longest", 100 * cell.padding_share,
                    100 * cell.longest_share),
        tokens,
        [&](std::int64_t some) {
          for (const BreakEvenCell& same : break_even_cells(some, kBreakEvenSegments))
            if (same.padding_share == cell.padding_share &&
                same.longest_share == cell.longest_share)
              return same.lengths;
          return equal_lengths(some, kBreakEvenSegments);
        },
        cell.longest_share);
}

}  // namespace

std::vector<PlannedRow> plan_bench(const BenchSelection& selection, BenchDevice device) {
  const std::vector<ModelShape> models = chosen_models(selection, device);
  const std::int64_t tokens =
      selection.tokens != 0 ? selection.tokens : (device == BenchDevice::gpu ? 32768 : 1024);
  Planner planner(selection);
  for (const Op& op : all_ops()) {
    if (!op.bench.fields) continue;
    for (const Direction direction : op.form.directions) {
      for (const ModelShape& model : models) add_shapes(planner, op, direction, model, tokens);
      if (op.bench.baseline && (direction == Direction::fwd || selection.tier != Tier::quick))
        add_curves(planner, op, direction, models.front(), tokens);
    }
  }
  std::vector<PlannedRow> rows = planner.take();
  if (rows.empty())
    throw CaseError(
        "no benchmark matches the filters: they are looked for in lines such as "
        "'causal_conv1d:fwd Qwen3.5-35B-A3B TP 1 gsm8k'");
  return rows;
}

}  // namespace packproof::harness
