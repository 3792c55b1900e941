#include "harness/cli/help/op_tensors.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/help/op_probe.h"

namespace packproof::harness {
namespace {

// An input or an output, as far as both are alike.
struct Shape {
  std::string name;
  DType dtype;
  Dims dims;
};

std::string_view name_of(Axis axis) {
  constexpr std::array<std::string_view, 10> kNames = {
      "tokens",  "segments", "batch", "positions",  "heads",
      "feature", "taps",     "ranks", "boundaries", "entries"};
  return kNames.at(static_cast<std::size_t>(axis));
}

std::vector<Shape> shapes_of(const ProbedCase& probe) {
  std::vector<Shape> all;
  for (const InputSpec& input : probe.signature.inputs)
    all.push_back({input.name, input.dtype, input.dims});
  for (const OutputSpec& output : probe.signature.outputs)
    all.push_back({output.name, output.dtype, output.dims});
  return all;
}

std::optional<Shape> find(const std::vector<Shape>& shapes, const std::string& name) {
  for (const Shape& shape : shapes)
    if (shape.name == name) return shape;
  return std::nullopt;
}

std::optional<std::int64_t> size_of_dim(const ProbedCase& probe, const std::string& name,
                                        std::size_t i) {
  const std::optional<Shape> shape = find(shapes_of(probe), name);
  if (!shape || i >= shape->dims.size()) return std::nullopt;
  return shape->dims[i].size;
}

// The fields that a size follows: one of them plus a number, or their product. Empty where it
// follows none, or in another way.
std::string by_fields(const OpProbe& probe, const std::string& name, std::size_t i) {
  std::vector<std::string> followed;
  std::int64_t product = 1;
  for (const Change& change : probe.changes) {
    const auto before = size_of_dim(change.before, name, i);
    const auto after = size_of_dim(change.after, name, i);
    if (!before || !after || *before == *after) continue;
    const std::int64_t value = change.before.the_case.integer(FieldName(change.field));
    const std::int64_t step = change.after.the_case.integer(FieldName(change.field)) - value;
    if (*after - *before == step && *before != value)
      return fmt::format("{} {} {}", change.field, *before < value ? '-' : '+',
                         std::abs(*before - value));
    followed.push_back(change.field);
    product *= probe.plain.the_case.integer(FieldName(change.field));
  }
  const bool is_product = product == size_of_dim(probe.plain, name, i);
  return is_product ? fmt::format("{}", fmt::join(followed, " * ")) : "";
}

std::string dims_text(const OpProbe& probe, const Shape& shape) {
  const Case& the_case = probe.plain.the_case;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < shape.dims.size(); ++i) {
    const auto [axis, size] = shape.dims[i];
    std::string text = by_fields(probe, shape.name, i);
    if (axis == Axis::token && size == the_case.capacity) text = "T";
    if (axis == Axis::segment && size == the_case.segments()) text = "S";
    if (axis == Axis::boundary && size == the_case.segments() + 1) text = "S + 1";
    texts.push_back(text.empty() ? std::string(name_of(axis)) : text);
  }
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string dtype_text(const OpProbe& probe, const Shape& shape) {
  if (probe.wider && shape.dtype == probe.plain.the_case.dtype)
    if (const auto other = find(shapes_of(*probe.wider), shape.name);
        other && other->dtype == probe.wider->the_case.dtype)
      return "dtype";
  return std::string(name_of(shape.dtype));
}

bool is_choice(const OpProbe& probe, const std::string& field) {
  return std::ranges::any_of(probe.with_choices,
                             [&](const Variant& variant) { return variant.field == field; });
}

// "state=initial|both or batch=2": the single fields, of all that were tried, with which `holds` is
// true of the case's tensors. Empty if of none.
template <class Holds>
std::string fields_with(const OpProbe& probe, Holds holds) {
  std::vector<std::string> fields;
  const auto look = [&](const std::string& field, const std::string& value,
                        const ProbedCase& probed) {
    if (!holds(shapes_of(probed))) return;
    const std::string begin = field + "=";
    if (!fields.empty() && fields.back().starts_with(begin))
      fields.back() += "|" + value;
    else
      fields.push_back(begin + value);
  };
  for (const Variant& variant : probe.with_choices)
    look(variant.field, variant.value, variant.probe);
  for (const Change& change : probe.changes)
    if (change.alone && !is_choice(probe, change.field))
      look(change.field, change.after.the_case.word(FieldName(change.field)), change.after);
  return fmt::format("{}", fmt::join(fields, " or "));
}

// With which fields a tensor is there, or not there if the plain case has it, or has other dims.
std::string presence(const OpProbe& probe, const std::string& name) {
  const std::optional<Shape> plain = find(shapes_of(probe.plain), name);
  const std::string other = fields_with(probe, [&](const std::vector<Shape>& shapes) {
    return find(shapes, name).has_value() != plain.has_value();
  });
  const std::string more_dims = fields_with(probe, [&](const std::vector<Shape>& shapes) {
    const std::optional<Shape> shape = find(shapes, name);
    return plain && shape && shape->dims.size() != plain->dims.size();
  });
  std::string text;
  if (!other.empty()) text = fmt::format("{}with {}", plain ? "not " : "", other);
  if (!more_dims.empty())
    text += fmt::format("{}other dims with {}", text.empty() ? "" : "; ", more_dims);
  return text;
}

std::string judged_text(const OutputSpec& output) {
  std::string text = output.judged == Judged::bits ? "by bits" : "by tolerance";
  if (output.slack == Slack::zero) text += "; slack rows are zero";
  if (output.slack == Slack::untouched) text += "; slack rows stay as they were";
  if (!output.starts_as.empty()) text += fmt::format("; {} changed in place", output.starts_as);
  return text;
}

std::string line_of(std::string_view name, std::string_view dims, std::string_view dtype,
                    std::vector<std::string> notes) {
  std::erase(notes, "");
  std::string line =
      fmt::format("      {:<18} {:<38} {:<7} {}", name, dims, dtype, fmt::join(notes, "; "));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// The lines of inputs or of outputs: those of the plain case, then what others have besides.
class Lines {
 public:
  Lines(const OpForm& form, Direction direction)
      : form_(form), direction_(direction), plain_(probe_op(form, direction)) {}

  template <class Specs, class Note>
  std::string text(Specs specs, Note note) const {
    std::string lines;
    std::vector<std::string> told;
    const auto tell = [&](const OpProbe& probe) {
      for (const auto& spec : specs(probe.plain.signature)) {
        if (std::ranges::find(told, spec.name) != told.end()) continue;
        told.push_back(spec.name);
        const Shape shape{spec.name, spec.dtype, spec.dims};
        lines += line_of(spec.name, dims_text(probe, shape), dtype_text(probe, shape),
                         {note(spec), presence(plain_, spec.name)});
      }
    };
    tell(plain_);
    const auto tell_more = [&](const std::string& key, const ProbedCase& probed) {
      const auto all = specs(probed.signature);
      const bool is_told = std::ranges::all_of(
          all, [&](const auto& spec) { return std::ranges::find(told, spec.name) != told.end(); });
      if (!is_told) tell(probe_op(form_, direction_, key));
    };
    for (const Variant& variant : plain_.with_choices)
      tell_more(fmt::format("{}={}", variant.field, variant.value), variant.probe);
    for (const Change& change : plain_.changes)
      if (change.alone)
        tell_more(
            fmt::format("{}={}", change.field, change.after.the_case.word(FieldName(change.field))),
            change.after);
    return lines;
  }

 private:
  const OpForm& form_;
  Direction direction_;
  OpProbe plain_;
};

}  // namespace

std::string op_tensors_text(const OpForm& form, Direction direction) {
  const Lines lines(form, direction);
  return fmt::format("  {0} takes\n{1}  {0} gives\n{2}", name_of(direction),
                     lines.text([](const Signature& s) { return s.inputs; },
                                [](const InputSpec&) { return std::string(); }),
                     lines.text([](const Signature& s) { return s.outputs; }, judged_text));
}

}  // namespace packproof::harness
