#include "harness/cli/op_tensors.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/op_probe.h"

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

// The integer fields that a size follows: one of them plus a number, or their product. Empty where
// it follows none, or in another way.
std::string by_fields(const OpProbe& probe, const std::string& name, std::size_t i) {
  const std::int64_t size = find(shapes_of(probe.plain), name)->dims[i].size;
  std::vector<std::string> followed;
  std::int64_t product = 1;
  for (const Variant& variant : probe.with_integers) {
    const std::optional<Shape> after = find(shapes_of(variant.probe), name);
    if (!after || after->dims.size() <= i || after->dims[i].size == size) continue;
    const std::int64_t value = probe.plain.the_case.integer(variant.field);
    const std::int64_t step = variant.probe.the_case.integer(variant.field) - value;
    if (after->dims[i].size - size == step && size != value)
      return fmt::format("{} {} {}", variant.field, size < value ? '-' : '+',
                         std::abs(size - value));
    followed.push_back(variant.field);
    product *= value;
  }
  return product == size ? fmt::format("{}", fmt::join(followed, " * ")) : "";
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

// With which choices a tensor is there, or not there if the plain case has it; empty: it always is.
std::string presence(const OpProbe& probe, const std::string& name) {
  const bool is_plain = find(shapes_of(probe.plain), name).has_value();
  std::vector<std::string> fields;
  for (const Variant& variant : probe.with_choices) {
    if (find(shapes_of(variant.probe), name).has_value() == is_plain) continue;
    const std::string begin = variant.field + "=";
    if (!fields.empty() && fields.back().starts_with(begin))
      fields.back() += "|" + variant.value;
    else
      fields.push_back(begin + variant.value);
  }
  if (fields.empty()) return {};
  return fmt::format("{}with {}", is_plain ? "not " : "", fmt::join(fields, " or "));
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
    for (const Variant& variant : plain_.with_choices)
      tell(probe_op(form_, direction_, fmt::format("{}={}", variant.field, variant.value)));
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
