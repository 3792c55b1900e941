// A failed output as guesses at its fault see it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/failed_cells.h"
#include "harness/evidence/output_judge.h"
#include "harness/evidence/output_layout.h"

namespace packproof::verdict {

class FaultView {
 public:
  FaultView(const OutputEvidence& evidence, const OutputLayout& layout, const FailedCells& failed);

  const OutputEvidence& evidence() const { return evidence_; }
  const OutputSpec& spec() const { return *evidence_.spec; }
  const Case& the_case() const { return *evidence_.the_case; }
  const OutputLayout& layout() const { return layout_; }
  const FailedCells& failed() const { return failed_; }

  bool by_bits() const { return spec().judged == Judged::bits; }
  bool is_integer() const { return !is_floating(spec().dtype); }
  bool has_tokens() const { return layout_.rows() == OutputLayout::Rows::token; }
  // How many tokens look across a boundary: those of the convolution's window but the last.
  std::int64_t window() const;

  // Failed cells and the rows that they are in, in order; slack rows are not among them.
  const std::vector<std::int64_t>& cells() const { return cells_; }
  const std::vector<std::int64_t>& rows() const { return rows_; }
  bool row_failed(std::int64_t row) const {
    return row_failed_[static_cast<std::size_t>(row)] != 0;
  }
  std::int64_t slack_rows_failed() const { return slack_rows_failed_; }
  // Cells that are not slack.
  std::int64_t ordinary_cells() const { return ordinary_cells_; }
  // Segments with failed rows, in order; of outputs with tokens or with an entry a segment.
  const std::vector<std::int64_t>& segments() const { return segments_; }
  std::int64_t segment(std::int64_t row) const { return layout_.segment_of_row(row); }

  // Wrong elements of failed cells: all of them, or some thousands from all over.
  const std::vector<std::int64_t>& wrong() const { return wrong_; }
  double got(std::int64_t element) const { return load(evidence_.candidate.got, element); }
  // What the reference has; of an output without values, those of its bits.
  double want(std::int64_t element) const { return value_of(*evidence_.candidate.want, element); }
  double value_of(const ReferenceTensor& tensor, std::int64_t element) const;
  // The output's bits at `element` are those of `other` at `at`.
  bool same_bits(std::int64_t element, const ReferenceTensor& other, std::int64_t at) const;

  // "token", "state", "row": what a row of the output is called.
  std::string_view row_word() const;

 private:
  void find_failed();
  void find_wrong();
  bool is_wrong(std::int64_t element) const;

  const OutputEvidence& evidence_;
  const OutputLayout& layout_;
  const FailedCells& failed_;
  std::vector<std::int64_t> cells_, rows_, segments_, wrong_;
  std::vector<std::uint8_t> row_failed_;
  std::int64_t slack_rows_failed_ = 0, ordinary_cells_ = 0;
};

// How well other values than the reference's stand for wrong elements.
class Closeness {
 public:
  // The output's `element`, were it to be that of `other` at `at`.
  void add(const FaultView& view, std::int64_t element, const ReferenceTensor& other,
           std::int64_t at);

  std::size_t elements() const { return elements_; }
  // Nearly all that is wrong is as those values have it, and cannot be so by chance.
  bool explains() const;

 private:
  double before_ = 0, after_ = 0;  // squared errors against the reference, and the other values
  std::size_t elements_ = 0, close_ = 0;
  double first_value_ = 0;
  bool values_differ_ = false;
};

// "1, 2 and 5"; "0, 1, 2 and 7 more".
std::string list_of(const std::vector<std::int64_t>& numbers);
// "segment 3", "segments 1, 2 and 5".
std::string counted(std::string_view word, const std::vector<std::int64_t>& numbers);

}  // namespace packproof::verdict
