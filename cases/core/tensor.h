// Tensors as plain data: a named, row-major block of memory with typed axes, in which only the rows
// of the first axis may lie apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "cases/core/dtype.h"

namespace packproof {

// What an axis counts. The comparator uses it to say where an error is.
enum class Axis : std::uint8_t {
  token,     // a row of the packed layout; belongs to the segment that cu_seqlens says, or to slack
  segment,   // one entry a segment
  batch,     // a row of a padded or batched layout
  position,  // a place within a padded row
  head,
  feature,   // channels and head dims
  tap,       // places of a convolution's window or of its state
  rank,      // of a sequence-parallel group
  boundary,  // entry i is where segment i - 1 ends and segment i begins
  entry,     // anything else: table rows, scalars
};

struct Dim {
  Axis axis;
  std::int64_t size;
  friend bool operator==(const Dim&, const Dim&) = default;
};
using Dims = std::vector<Dim>;

constexpr std::int64_t element_count(const Dims& dims) {
  std::int64_t n = 1;
  for (const Dim& d : dims) n *= d.size;
  return n;
}

// What an output holds in the rows at and beyond cu_seqlens[-1] of its token axis (contract C8).
enum class Slack : std::uint8_t {
  none,       // the tensor has no slack: every element is an ordinary output
  zero,       // every slack element is zero
  untouched,  // the op leaves slack as the caller had it
};

// How an output is judged.
enum class Judged : std::uint8_t {
  bits,       // data movement and indices: bit equality
  tolerance,  // arithmetic: error per unit against computed limits
};

// Whether each element also has a closed bound, c u m with m the sum of the magnitudes of its
// terms.
enum class ElementBound : std::uint8_t {
  closed,  // sums, convolutions, norms, attention
  none,    // recurrences: errors pass on through later tokens
};

// An output's place in training, which picks its limit.
enum class Role : std::uint8_t { value, gradient, state };

struct OutputSpec {
  std::string name;
  DType dtype;
  Dims dims;
  Judged judged = Judged::bits;
  Slack slack = Slack::none;
  Role role = Role::value;
  ElementBound bound = ElementBound::closed;
  // The input that it equals before the run: a tensor that the op changes in place, and may read.
  // The input itself is the copy that references read, and must stay as it was (contract C9).
  // Empty: poisoned before the run.
  std::string starts_as = {};
};

// The sign and range of generated elements of Fill::normal; other fills ignore it.
enum class Spread : std::uint8_t {
  symmetric,  // bell-shaped around 0
  negative,   // its negative half: log decays
  fraction,   // even in [0, 1): gates and shares
};

// How an input's elements are made; see harness/inputs.
struct InputSpec {
  std::string name;
  DType dtype;
  Dims dims;
  // Integers given outright (cu_seqlens, position_ids, masks), row-major. Empty: generated from
  // the case's fill and seed, the tensor's name and the element's index.
  std::vector<std::int64_t> values = {};
  // Standard deviation of generated elements (1 for activations, less for weights).
  double scale = 1.0;
  Spread spread = Spread::symmetric;
  // Pads of a padded layout: the leading axes, flattened, are slack_rows.size() rows, and a row
  // whose flag is not 0 holds the case's slack fill. Empty: no pads (slack of a token axis needs no
  // flags). Of no effect on integers given outright.
  std::vector<std::uint8_t> slack_rows = {};
  // Rows of zeros, whatever the fill: flags of rows as in slack_rows. Slack comes after them.
  std::vector<std::uint8_t> zero_rows = {};
  // As in Tensor. The values of elements are the same whatever it is.
  std::int64_t row_stride = 0;
};

struct Signature {
  std::vector<InputSpec> inputs;
  std::vector<OutputSpec> outputs;  // in the order in which the op returns them
  // The first tokens of a segment, which see what lies before it where a boundary is not respected:
  // they are also judged for themselves. 3 are those of the usual convolution.
  std::int64_t boundary_window = 3;
};

template <class T>
constexpr bool may_be_read_as(DType dtype) {
  if constexpr (std::is_void_v<T>) return true;
  if constexpr (std::is_same_v<T, float>) return dtype == DType::fp32;
  if constexpr (std::is_same_v<T, double>) return dtype == DType::fp64;
  if constexpr (std::is_same_v<T, std::int32_t>) return dtype == DType::int32;
  if constexpr (std::is_same_v<T, std::int64_t>) return dtype == DType::int64;
  if constexpr (!std::is_void_v<T>)
    return sizeof(T) == 1 || (std::is_unsigned_v<T> && sizeof(T) == size_of(dtype));
}

// A view of one tensor's memory. Does not own.
struct Tensor {
  std::string name;
  DType dtype{};
  Dims dims;
  void* data = nullptr;
  // Elements from the start of one row of the first axis to that of the next, not below row_size():
  // a slice of wider rows. Behind a row lies a gap that is not the tensor's. 0: contiguous.
  std::int64_t row_stride = 0;

  std::int64_t count() const { return element_count(dims); }
  std::int64_t size(std::size_t dim) const { return dims.at(dim).size; }
  std::int64_t row_size() const;  // elements of one row of the first axis, without the gap
  std::int64_t row_pitch() const { return row_stride == 0 ? row_size() : row_stride; }

  // From the first element to the end of the last, gaps between them included.
  std::size_t bytes() const;
  // Where element `index` of count() lies, in elements from `data`.
  std::int64_t place(std::int64_t index) const {
    return row_stride == 0 ? index : index / row_size() * row_stride + index % row_size();
  }
  // Little but gaps, more than memory may hold: nobody fills, copies or checks these.
  bool is_sparse() const { return row_stride != 0 && bytes() > kMostBytesOfGaps; }
  static constexpr std::size_t kMostBytesOfGaps = std::size_t{1} << 26;

  // The memory; for elements that may lie apart, go by place(). T: the type of an element, an
  // unsigned integer of its size for its bits, a byte, or void. Throws std::logic_error for any
  // other.
  template <class T>
  T* as() const {
    if (!may_be_read_as<std::remove_const_t<T>>(dtype)) throw_other_dtype();
    return static_cast<T*>(data);
  }
  // The same as a span. Throws std::logic_error also where the rows lie apart.
  template <class T>
  std::span<T> elements() const {
    if (row_stride != 0) throw std::logic_error(name + ": its rows lie apart, and are no span");
    return {as<T>(), static_cast<std::size_t>(count())};
  }

 private:
  [[noreturn]] void throw_other_dtype() const;
};

// One element as a double: exact for every dtype but integers beyond 2^53.
double load(const Tensor& tensor, std::int64_t index);
// Stores `value` rounded to nearest even (integers: the value must be one).
void store(const Tensor& tensor, std::int64_t index, double value);

}  // namespace packproof
