#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/looks_like/fault_clues.h"

namespace packproof::verdict {
namespace {

constexpr std::int64_t kMostSlices = 256;
constexpr std::size_t kLookedAt = 512;  // elements of a slice

struct AxisPart {
  Axis axis;
  std::int64_t size = 1, stride = 1;

  std::int64_t index_of(std::int64_t element) const { return element / stride % size; }
};

std::vector<AxisPart> parts_of(const Dims& dims) {
  std::vector<AxisPart> parts;
  std::int64_t stride = 1;
  for (std::size_t i = dims.size(); i-- > 0;) {
    parts.push_back({dims[i].axis, dims[i].size, std::max<std::int64_t>(stride, 1)});
    stride *= dims[i].size;
  }
  return parts;
}

// The words for an axis along which rows may be exchanged; none for the others.
struct SliceWords {
  const char* one;
  const char* kind;
};
std::optional<SliceWords> slice_words(const FaultView& view, Axis axis) {
  switch (axis) {
    case Axis::head:
      return SliceWords{"head", "wrong head"};
    case Axis::rank:
      return SliceWords{"rank", "exchanged ranks"};
    case Axis::batch:
      return SliceWords{"row", "exchanged rows"};
    case Axis::segment:
      if (view.spec().role == Role::value) return SliceWords{"segment", "row of another segment"};
      return SliceWords{"segment", "state of another segment"};
    default:
      return {};
  }
}

}  // namespace

// A table of boundaries lacks some of those that it should have, and has no others.
Clue find_merged_segments(const FaultView& view) {
  const Dims& dims = view.spec().dims;
  if (!view.is_integer() || dims.size() != 1 || dims[0].axis != Axis::boundary) return {};
  if (view.wrong().empty()) return {};
  std::vector<std::int64_t> lacking;
  std::int64_t wanted = 0;
  for (std::int64_t e = 0; e < dims[0].size; ++e) {
    for (; wanted < dims[0].size && view.want(wanted) < view.got(e); ++wanted)
      if (e == 0 || view.want(wanted) != view.got(e - 1))
        lacking.push_back(static_cast<std::int64_t>(view.want(wanted)));
    if (wanted == dims[0].size || view.want(wanted) != view.got(e)) return {};
  }
  if (lacking.empty()) return {};
  return FaultGuess{"segments merged", fmt::format("the table lacks {} and has no others",
                                                   counted("boundary", lacking))};
}

Clue find_off_by_one(const FaultView& view) {
  if (view.wrong().empty()) return {};
  for (const int step : {-1, 1}) {
    const char* where = step > 0 ? "after" : "before";
    if (view.is_integer() &&
        std::all_of(view.wrong().begin(), view.wrong().end(),
                    [&](std::int64_t e) { return view.got(e) == view.want(e) + step; }))
      return FaultGuess{"off by one",
                        fmt::format("each of {} wrong integers is 1 too {}", view.wrong().size(),
                                    step > 0 ? "large" : "small")};
    for (const AxisPart& part : parts_of(view.spec().dims)) {
      if (part.axis != Axis::token && part.axis != Axis::position && part.axis != Axis::tap)
        continue;
      Closeness closeness;
      for (const std::int64_t e : view.wrong())
        if (const std::int64_t to = part.index_of(e) + step; to >= 0 && to < part.size)
          closeness.add(view, e, *view.evidence().candidate.want, e + step * part.stride);
      // Most need a neighbour: a window of two taps has one for half of them.
      if (closeness.elements() * 2 < view.wrong().size() || !closeness.explains()) continue;
      return FaultGuess{"off by one", fmt::format("wrong elements are the reference's one {} {}",
                                                  part.axis == Axis::tap ? "tap" : "row", where)};
    }
  }
  return {};
}

// Each wrong head (rank, state) is what the reference has in another one.
Clue find_other_slice(const FaultView& view) {
  for (const AxisPart& part : parts_of(view.spec().dims)) {
    const auto words = slice_words(view, part.axis);
    if (!words || part.size < 2 || part.size > kMostSlices) continue;
    std::map<std::int64_t, std::vector<std::int64_t>> wrong;  // elements by slice
    for (const std::int64_t e : view.wrong())
      if (auto& some = wrong[part.index_of(e)]; some.size() < kLookedAt) some.push_back(e);
    std::string because;
    int named = 0;
    bool all = !wrong.empty();
    for (const auto& [slice, elements] : wrong) {
      std::int64_t source = -1;
      for (std::int64_t other = 0; other < part.size && source < 0; ++other) {
        if (other == slice) continue;
        Closeness closeness;
        for (const std::int64_t e : elements)
          closeness.add(view, e, *view.evidence().candidate.want,
                        e + (other - slice) * part.stride);
        if (closeness.explains()) source = other;
      }
      all = all && source >= 0;
      if (!all) break;
      if (named++ < 3)
        because += fmt::format("{}{} {} holds what {} {} has", because.empty() ? "" : ", ",
                               words->one, slice, words->one, source);
    }
    if (!all) continue;
    if (named > 3) because += fmt::format(", and so on for {}", named);
    return FaultGuess{words->kind, because};
  }
  return {};
}

}  // namespace packproof::verdict
