#include "harness/bench/bench_plan.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "cases/language/descriptor.h"
#include "cases/lengths/bench_lengths.h"
#include "harness/ops/op_list.h"
#include "harness/selection/case_expression.h"
#include "harness/selection/case_selection.h"
#include "reports/text/printable_text.h"

namespace packproof::harness {
namespace {

using reports::BenchPart;
using reports::BenchRow;

// Judged in full up to this much arithmetic, counted as in judging_cost: seconds a case. On a host
// there are few cores for it, and the gate has judged as small ones already.
constexpr double kMostJudged = 1.5e9, kMostJudgedOnHost = 5e7;
// FLOP of a run of our kernels on the host executor, which then takes about a tenth of a second; a
// row has fewer tokens rather than more, down to kFewestTokens, unless --tokens says how many.
constexpr double kMostOnHost = 6e7;
constexpr std::int64_t kFewestTokens = 16;
constexpr std::int64_t kBreakEvenSegments = 16;

double flops_of(const Op& op, const Case& the_case) {
  return op.bench.flops ? op.bench.flops(the_case) : 0;
}

// What the float64 reference, the padded baseline and five plain runs have to do.
double judging_cost(const Op& op, const Case& the_case) {
  double elements = 0;
  for (const InputSpec& input : op.form.signature(the_case).inputs)
    elements += static_cast<double>(element_count(input.dims));
  return flops_of(op, the_case) + 100 * elements;
}

// The share of a tensor's rows that hold anything: pads of a padded input do not.
double valid_share(const InputSpec& input) {
  if (input.slack_rows.empty()) return 1;
  const auto valid = static_cast<double>(std::ranges::count(input.slack_rows, 0));
  return valid / static_cast<double>(input.slack_rows.size());
}

// Of all inputs, without pads, and all outputs, pads included: they are written.
double bytes_of(const Op& op, const Case& the_case) {
  if (op.bench.bytes) return op.bench.bytes(the_case);
  const Signature signature = op.form.signature(the_case);
  double bytes = 0;
  for (const InputSpec& input : signature.inputs)
    bytes += valid_share(input) * static_cast<double>(element_count(input.dims)) *
             static_cast<double>(size_of(input.dtype));
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
  Planner(const BenchSelection& selection, Device device) : selection_(selection), device_(device) {
    if (!selection.expression.empty()) expression_.emplace(selection.expression);
  }

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
    // The case of `tokens` tokens, or of fewer if it costs too much.
    const auto within = [&](double (*cost)(const Op&, const Case&), double most) {
      Case found = parse_descriptor(with_tokens(tokens), op_lookup());
      while (cost(op, found) > most && tokens / 2 >= kFewestTokens)
        found = parse_descriptor(with_tokens(tokens /= 2), op_lookup());
      return found;
    };
    const bool may_shrink =
        device_ == Device::host && part == BenchPart::shapes && selection_.tokens == 0;
    planned.the_case =
        within(flops_of, may_shrink ? kMostOnHost : std::numeric_limits<double>::infinity());
    // Where even the fewest tokens take long, one row has to do.
    if (may_shrink && flops_of(op, planned.the_case) > kMostOnHost &&
        !costly_.insert({&op, direction, model.name}).second)
      return;
    planned.judged =
        within(judging_cost, device_ == Device::host ? kMostJudgedOnHost : kMostJudged);
    fill_in(planned, longest_share);
    if (seen_.insert({part, row.descriptor}).second) rows_.push_back(std::move(planned));
  }

  std::vector<PlannedRow> take() { return std::move(rows_); }

 private:
  bool wanted(const BenchRow& row) const {
    const std::string title = title_of(row);
    if (expression_ && !expression_->matches(title)) return false;
    return selection_.filters.empty() ||
           std::ranges::any_of(selection_.filters,
                               [&](const std::string& filter) { return matches(filter, title); });
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
    row.flops = flops_of(op, the_case);
    Case padded = the_case;
    padded.lengths.assign(the_case.lengths.size(), longest_of(the_case));
    padded.capacity = row.padded_tokens;
    row.padded_flops = flops_of(op, padded);
  }

  const BenchSelection& selection_;
  Device device_;
  std::optional<CaseExpression> expression_;
  std::vector<PlannedRow> rows_;
  std::set<std::pair<BenchPart, std::string>> seen_;
  std::set<std::tuple<const Op*, Direction, std::string>> costly_;
};

// The layers of a tier. Layers of the same shape are timed once, under the first one's name.
std::vector<ModelShape> chosen_models(const BenchSelection& selection, Device device) {
  const bool quick = selection.tier == Tier::quick, on_gpu = device == Device::gpu;
  const std::string part =
      selection.model.empty() && quick ? (on_gpu ? "35B" : "2B") : selection.model;
  const std::int64_t wanted_tp = selection.tp == 0 && quick ? (on_gpu ? 1 : 8) : selection.tp;
  std::vector<ModelShape> chosen;
  std::string known;
  for (const ModelShape& model : model_shapes()) {
    known += (known.empty() ? "" : ", ") + model.name;
    // "2B" is not "122B".
    if (model.name.find(part) != 0 && model.name.find("-" + part) == std::string::npos) continue;
    for (const std::int64_t tp : {1, 2, 4, 8})
      if (wanted_tp == 0 || tp == wanted_tp) chosen.push_back(on_rank(model, tp));
  }
  if (chosen.empty())
    throw CaseError(fmt::format(
        "no layer matches --model '{}'{}: models are {}, each on 1, 2, 4 or 8 ranks",
        selection.model, selection.tp != 0 ? fmt::format(" --tp {}", selection.tp) : "", known));
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
    planner.add(op, direction, model, BenchPart::segments, reports::counted(segments, "segment"),
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

std::vector<PlannedRow> plan_bench(const BenchSelection& selection, Device device) {
  const std::vector<ModelShape> models = chosen_models(selection, device);
  const std::int64_t tokens =
      selection.tokens != 0 ? selection.tokens : (device == Device::gpu ? 32768 : 1024);
  Planner planner(selection, device);
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
        "no benchmark matches --filter and -k: they are looked for in lines such as "
        "'causal_conv1d:fwd Qwen3.5-35B-A3B TP 1 gsm8k'; --list shows them");
  return rows;
}

}  // namespace packproof::harness
