// Which elements of an output are wrong, row by row: what a fault is guessed from.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/compare/output_judge.h"
#include "harness/compare/output_layout.h"

namespace packproof::compare {

class WrongElements {
 public:
  WrongElements(const OutputEvidence& evidence, const OutputLayout& layout);

  bool any() const { return !sample_.empty(); }
  bool row(std::int64_t row) const { return wrong_[static_cast<std::size_t>(row)] != 0; }
  bool row_unwritten(std::int64_t row) const {
    return unwritten_[static_cast<std::size_t>(row)] != 0;
  }
  // Every wrong element of an ordinary row still holds the poison.
  bool all_unwritten() const { return all_unwritten_; }
  bool slack_wrong() const { return slack_wrong_; }
  // Wrong elements of ordinary rows, at most a few thousand, in order of their index.
  const std::vector<std::int64_t>& sample() const { return sample_; }

  // The output's element `at` is what the reference has at element `other`, and is not zero.
  bool equals(std::int64_t at, std::int64_t other) const;

 private:
  bool agrees(std::int64_t at, std::int64_t other) const;

  const OutputEvidence& evidence_;
  std::vector<std::uint8_t> wrong_, unwritten_;
  std::vector<std::int64_t> sample_;
  bool all_unwritten_ = true;
  bool slack_wrong_ = false;
};

}  // namespace packproof::compare
