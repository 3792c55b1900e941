// The arrays that references work on.
#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace packproof::reference {

using Integers = Eigen::Array<std::int64_t, Eigen::Dynamic, 1>;
// [batch, length], each 0 or 1.
using Mask = Eigen::Array<std::int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
// [rows, features] as bit patterns: what moves keeps its NaN payloads.
using BitRows = Eigen::Array<std::uint64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace packproof::reference
