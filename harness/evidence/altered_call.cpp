#include "harness/evidence/altered_call.h"

#include <algorithm>
#include <cmath>

#include "harness/memory/element_bits.h"

namespace packproof::verdict {
namespace {

bool is_boundaries(const Tensor& input) {
  return !is_floating(input.dtype) && input.dims.size() == 1 &&
         input.dims[0].axis == Axis::boundary;
}

bool is_states(const Tensor& input) { return axis_place(input.dims, Axis::segment) == 0; }

// Upstream gradients are those of the state behind a segment.
bool lies_behind(const Tensor& input) { return input.name.starts_with('d'); }

}  // namespace

std::int64_t axis_place(const Dims& dims, Axis axis) {
  const auto found =
      std::find_if(dims.begin(), dims.end(), [&](const Dim& dim) { return dim.axis == axis; });
  return found == dims.end() ? -1 : found - dims.begin();
}

std::int64_t axis_stride(const Dims& dims, std::int64_t place) {
  return element_count(Dims(dims.begin() + place + 1, dims.end()));
}

AlteredCall::AlteredCall(const Call& call) : the_case_(*call.the_case), from_(call), call_(call) {
  call_.the_case = &the_case_;
}

std::vector<AlteredCall::Piece> AlteredCall::pieces() const {
  std::vector<Piece> pieces;
  const std::vector<std::int64_t> boundaries = from_.the_case->cu_seqlens();
  for (std::size_t s = 0; s + 1 < boundaries.size(); ++s)
    pieces.push_back({boundaries[s], boundaries[s + 1], static_cast<std::int64_t>(s),
                      static_cast<std::int64_t>(s)});
  return pieces;
}

Tensor& AlteredCall::own(std::size_t input, Dims dims) {
  Tensor& tensor = call_.inputs[input];
  tensor.dims = std::move(dims);
  tensor.row_stride = 0;
  const auto bytes = static_cast<std::size_t>(tensor.count()) * size_of(tensor.dtype);
  tensor.data = memory_.emplace_back(bytes / sizeof(std::uint64_t) + 1, 0).data();
  return tensor;
}

bool AlteredCall::set_pieces(const std::vector<Piece>& pieces) {
  const auto boundaries = std::find_if(from_.inputs.begin(), from_.inputs.end(), is_boundaries);
  if (boundaries == from_.inputs.end() || pieces.empty()) return false;
  const auto count = static_cast<std::int64_t>(pieces.size());
  const std::vector<std::int64_t> given = from_.the_case->cu_seqlens();
  // Slots are not cut along with segments, and boundaries may be those of padded rows.
  if (boundaries->count() != std::ssize(given)) return false;
  for (std::size_t s = 0; s < given.size(); ++s)
    if (load(*boundaries, static_cast<std::int64_t>(s)) != static_cast<double>(given[s]))
      return false;
  if (count != from_.the_case->segments())
    for (const Tensor& input : from_.inputs)
      if (is_states(input) && !is_floating(input.dtype)) return false;

  for (std::size_t i = 0; i < call_.inputs.size(); ++i) {
    const Tensor& input = from_.inputs[i];
    if (is_boundaries(input)) {
      const Tensor& mine = own(i, {{Axis::boundary, count + 1}});
      store(mine, 0, static_cast<double>(pieces.front().begin));
      for (std::int64_t p = 0; p < count; ++p)
        store(mine, p + 1, static_cast<double>(pieces[static_cast<std::size_t>(p)].end));
    } else if (is_states(input) && is_floating(input.dtype)) {
      Dims dims = input.dims;
      dims[0].size = count;
      const std::int64_t size = axis_stride(dims, 0);
      const Tensor& mine = own(i, std::move(dims));
      for (std::int64_t p = 0; p < count; ++p) {
        const Piece& piece = pieces[static_cast<std::size_t>(p)];
        const std::int64_t from = lies_behind(input) ? piece.state_behind : piece.state_before;
        for (std::int64_t e = 0; from >= 0 && e < size; ++e)
          memory::set_bits(mine, p * size + e, memory::bits_of(input, from * size + e));
      }
    }
  }
  the_case_.raw_cu_seqlens.reset();
  the_case_.lengths.clear();
  for (const Piece& piece : pieces) the_case_.lengths.push_back(piece.end - piece.begin);
  return true;
}

void AlteredCall::edit(std::string_view name, const std::function<double(std::int64_t)>& value) {
  for (std::size_t i = 0; i < call_.inputs.size(); ++i) {
    if (call_.inputs[i].name != name) continue;
    const Tensor before = call_.inputs[i];
    const Tensor& mine = own(i, before.dims);
    for (std::int64_t e = 0; e < mine.count(); ++e) {
      const double changed = value(e);
      if (std::isnan(changed))
        memory::set_bits(mine, e, memory::bits_of(before, e));
      else
        store(mine, e, changed);
    }
  }
}

}  // namespace packproof::verdict
