// Where each element of an output lies: its segment, head and token, and the cell it is summed in.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/tensor.h"

namespace packproof::verdict {

// Absent where the output has no such axis, or the row is beyond the last boundary.
struct Place {
  std::optional<std::int64_t> segment, head, token, token_in_segment;
  std::string index;  // "[12, 3, 64]"
};

// A cell is the smallest unit: one row (a token, else a segment, else an index of the first axis)
// of one head. Elements of a cell come in runs of `run_length()` that are contiguous in memory.
class OutputLayout {
 public:
  enum class Rows : std::uint8_t { token, segment, first_axis };

  // Throws std::invalid_argument, saying why, where the dims contradict the case.
  OutputLayout(const OutputSpec& spec, const Case& the_case);

  Rows rows() const { return rows_kind_; }
  bool has_heads() const { return has_heads_; }
  std::int64_t row_count() const { return row_.size; }
  std::int64_t head_count() const { return head_.size; }
  std::int64_t row_stride() const { return row_.stride; }    // elements
  std::int64_t head_stride() const { return head_.stride; }  // elements
  std::int64_t cell_count() const { return row_.size * head_.size; }
  std::int64_t segment_count() const { return static_cast<std::int64_t>(cu_seqlens_.size()) - 1; }
  std::int64_t element_total() const { return count_; }

  std::int64_t row_of(std::int64_t element) const { return element / row_.stride % row_.size; }
  std::int64_t head_of(std::int64_t element) const { return element / head_.stride % head_.size; }
  std::int64_t cell_of(std::int64_t element) const {
    return row_of(element) * head_.size + head_of(element);
  }
  std::int64_t run_length() const { return run_length_; }

  // The segment of a row: -1 for rows beyond the last boundary and for outputs without segments.
  std::int64_t segment_of_row(std::int64_t row) const;
  std::int64_t token_in_segment(std::int64_t row) const;  // token rows within a segment only
  std::int64_t segment_length(std::int64_t segment) const;
  bool has_predecessor(std::int64_t segment) const;  // a non-empty segment lies before it
  bool has_successor(std::int64_t segment) const;    // a non-empty segment lies behind it
  // True for the rows at and beyond cu_seqlens[-1] of an output with a slack contract.
  bool is_slack_row(std::int64_t row) const { return has_slack_ && row >= cu_seqlens_.back(); }
  std::int64_t last_boundary() const { return cu_seqlens_.back(); }

  Place place_of(std::int64_t element) const;
  // Sorts failures: earlier segments first, rows without a segment last.
  std::int64_t order_of(std::int64_t element) const {
    const std::int64_t segment = segment_of_row(row_of(element));
    return segment >= 0 ? segment : std::numeric_limits<std::int64_t>::max();
  }

 private:
  struct AxisPart {
    std::int64_t size = 1;
    std::int64_t stride = 1;
  };
  AxisPart part(std::size_t dim) const;

  Dims dims_;
  std::vector<std::int64_t> cu_seqlens_;
  std::vector<std::int64_t> segment_of_token_;
  Rows rows_kind_ = Rows::first_axis;
  AxisPart row_, head_;
  bool has_heads_ = false;
  bool has_slack_ = false;
  std::int64_t count_ = 0;
  std::int64_t run_length_ = 1;
};

}  // namespace packproof::verdict
