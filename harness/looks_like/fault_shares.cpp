// Gradients are sums: which part of one is missing, or was added twice?
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "harness/looks_like/fault_parts.h"

namespace packproof::verdict {
namespace {

constexpr std::int64_t kMostSegments = 32;

// A part of a gradient: what it is with the upstream gradients of these rows alone.
struct Part {
  std::string name;
  // Whether an element of an upstream gradient is of the part.
  std::function<bool(const Tensor& upstream, std::int64_t element)> holds;
};
using Family = std::vector<Part>;

bool is_upstream(const Tensor& input) {
  return is_floating(input.dtype) && input.name.starts_with('d') && !input.dims.empty() &&
         (input.dims[0].axis == Axis::token || input.dims[0].axis == Axis::segment);
}

std::int64_t row_of(const Tensor& upstream, std::int64_t element) {
  return element / axis_stride(upstream.dims, 0);
}

Family segments_of(const std::vector<std::int64_t>& boundaries) {
  Family family;
  for (std::int64_t s = 0; s + 1 < std::ssize(boundaries); ++s) {
    const std::int64_t begin = boundaries[static_cast<std::size_t>(s)],
                       end = boundaries[static_cast<std::size_t>(s) + 1];
    family.push_back({fmt::format("segment {}", s), [=](const Tensor& upstream, std::int64_t e) {
                        const std::int64_t row = row_of(upstream, e);
                        return upstream.dims[0].axis == Axis::segment ? row == s
                                                                      : begin <= row && row < end;
                      }});
  }
  return family;
}

// Tokens that kernels tend to treat by themselves.
Family edges_of(const std::vector<std::int64_t>& boundaries, std::int64_t window) {
  std::set<std::int64_t> firsts, lasts, openings;
  for (std::size_t s = 0; s + 1 < boundaries.size(); ++s) {
    if (boundaries[s] == boundaries[s + 1]) continue;
    firsts.insert(boundaries[s]);
    lasts.insert(boundaries[s + 1] - 1);
    for (std::int64_t row = boundaries[s];
         row < std::min(boundaries[s] + window, boundaries[s + 1]); ++row)
      openings.insert(row);
  }
  const auto part = [](std::string name, std::set<std::int64_t> rows) {
    return Part{std::move(name), [rows = std::move(rows)](const Tensor& upstream, std::int64_t e) {
                  return upstream.dims[0].axis == Axis::token && rows.contains(row_of(upstream, e));
                }};
  };
  return {part("each segment's first token", std::move(firsts)),
          part("each segment's last token", std::move(lasts)),
          part(fmt::format("each segment's first {} tokens", window), std::move(openings))};
}

Family inputs_of(const Call& call) {
  Family family;
  for (const Tensor& input : call.inputs)
    if (is_upstream(input))
      family.push_back({input.name, [name = input.name](const Tensor& upstream, std::int64_t) {
                          return upstream.name == name;
                        }});
  if (family.size() < 2) family.clear();
  return family;
}

double square_sum(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum;
}

// The share of the gradient's wrong elements that is the part's; empty if nobody knows.
std::vector<double> share_of(const Supposition& suppose, const Part& part) {
  AlteredCall altered(suppose.call());
  for (const Tensor& input : suppose.call().inputs)
    if (is_upstream(input))
      altered.edit(input.name, [&](std::int64_t e) { return part.holds(input, e) ? NAN : 0; });
  const std::optional<ReferenceTensor> other = suppose.ask(altered);
  std::vector<double> share;
  if (!other) return share;
  for (const std::int64_t e : suppose.view().wrong())
    share.push_back(suppose.view().value_of(*other, e));
  return share;
}

// The errors are those of some parts, missing or twice.
Clue explain(const std::vector<double>& errors, const Supposition& suppose, const Family& family) {
  constexpr double kLeft = 0.03;
  std::vector<double> left = errors;
  std::vector<std::string> missing, twice;
  const double before = square_sum(errors);
  std::vector<std::vector<double>> shares;
  for (const Part& part : family) {
    shares.push_back(share_of(suppose, part));
    if (shares.back().empty()) return {};
  }
  // The part that takes away most of what is left, and then the next one.
  while (square_sum(left) > kLeft * before) {
    double least = square_sum(left);
    std::size_t best = family.size();
    double sign = 0;
    for (std::size_t p = 0; p < family.size(); ++p)
      for (const double s : {-1.0, 1.0}) {
        double sum = 0;
        for (std::size_t i = 0; i < left.size(); ++i)
          sum += std::pow(left[i] - s * shares[p][i], 2);
        if (sum < least) {
          least = sum;
          best = p;
          sign = s;
        }
      }
    if (best == family.size()) return {};
    for (std::size_t i = 0; i < left.size(); ++i) left[i] -= sign * shares[best][i];
    (sign < 0 ? missing : twice).push_back(family[best].name);
    const std::size_t named = missing.size() + twice.size();
    if (named * 2 > std::max<std::size_t>(family.size(), 2) || named * 4 > errors.size()) return {};
  }
  if (missing.empty() == twice.empty()) return {};
  const std::vector<std::string>& names = missing.empty() ? twice : missing;
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  if (missing.empty())
    return FaultGuess{"term of a gradient counted twice",
                      fmt::format("the error is, by the reference, the share of {}", list)};
  return FaultGuess{"missing term in a gradient",
                    fmt::format("what is missing is, by the reference, the share of {}", list)};
}

}  // namespace

Clue find_missing_share(const Supposition& suppose) {
  constexpr std::size_t kFewElements = 6;
  const FaultView& view = suppose.view();
  if (view.by_bits() || view.spec().role != Role::gradient || view.wrong().size() < kFewElements)
    return {};
  std::vector<double> errors;
  for (const std::int64_t e : view.wrong()) {
    errors.push_back(view.got(e) - view.want(e));
    if (!std::isfinite(errors.back())) return {};
  }
  const std::vector<std::int64_t> boundaries = view.the_case().cu_seqlens();
  std::vector<Family> families = {inputs_of(suppose.call())};
  // A token's gradient is of its own segment alone.
  if (view.layout().rows() == OutputLayout::Rows::first_axis &&
      view.the_case().segments() <= kMostSegments) {
    families.push_back(segments_of(boundaries));
    families.push_back(edges_of(boundaries, view.window()));
  }
  for (const Family& family : families)
    if (!family.empty())
      if (Clue clue = explain(errors, suppose, family)) return clue;
  return {};
}

}  // namespace packproof::verdict
